/** Several credentials, of which the first one serves that can. */
import { TokenSourceError } from '../errors.ts';
import type { Credential, CredentialContext, LoadedCredential } from './credential.ts';

/**
 * The first of these credentials that can be loaded and that the server has not refused of late: so an old certificate and its
 * successor, or a platform's identity and a secret for a developer's machine, stand side by side. One that cannot serve is told of in
 * a `credential-skipped` event; which one did serve stands in `token-request`.
 *
 * A server that answers `invalid_client` to one is asked with the next at once, and first with that one for an hour.
 *
 * @throws {TokenSourceError} `invalid_configuration` for an empty list; `credential_unavailable` from `getToken` when none can be loaded,
 *   with what each of them threw as its cause
 */
export function firstUsable(credentials: readonly Credential[]): Credential {
  const candidates = Array.isArray(credentials) ? [...credentials] : [];
  if (candidates.length === 0 || !candidates.every((candidate) => typeof candidate?.load === 'function')) {
    throw new TokenSourceError(
      'invalid_configuration',
      'firstUsable was given no list of credentials; give secret(…), certificate(…) and the like',
    );
  }
  const bindsTokens = candidates.some((candidate) => candidate.bindsTokens === true);
  const lastUsed = new Map<Credential, string>();
  return { kind: 'firstUsable', bindsTokens, load: (context) => loadFirst({ candidates, lastUsed }, context) };
}

/** What there is to choose from, and by its fingerprint what each one was when it was last chosen. */
interface Choice {
  readonly candidates: readonly Credential[];
  readonly lastUsed: Map<Credential, string>;
}

async function loadFirst({ candidates, lastUsed }: Choice, context: CredentialContext): Promise<LoadedCredential> {
  const { signal, isRefused, onSkipped } = context;
  const failures: Error[] = [];
  let refused: LoadedCredential | undefined;
  for (const candidate of candidates) {
    try {
      const loaded = await candidate.load(context);
      // One that renews itself may be another one whenever it is asked for, and would be refused for the same reason.
      const known = loaded.renewsItself === true ? (lastUsed.get(candidate) ?? loaded.fingerprint) : loaded.fingerprint;
      if (!isRefused(known) && !isRefused(loaded.fingerprint)) {
        lastUsed.set(candidate, loaded.fingerprint);
        return loaded;
      }
      refused ??= loaded;
    } catch (error) {
      signal.throwIfAborted();
      onSkipped(candidate.kind, error);
      failures.push(error as Error);
    }
  }
  // All that is left: perhaps it has been accepted meanwhile.
  if (refused !== undefined) return refused;
  const reasons = candidates.map(({ kind }, index) => `${kind}: ${failures[index]?.message}`).join('; ');
  throw new TokenSourceError('credential_unavailable', `None of ${candidates.length} credentials can be used. ${reasons}`, {
    transient: failures.some((failure) => 'transient' in failure && failure.transient === true),
    cause: new AggregateError(failures),
  });
}
