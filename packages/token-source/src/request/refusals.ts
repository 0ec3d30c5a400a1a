/** Refusals that would only come again, remembered briefly: the server need not be asked to say so a second time. */
import { TokenResponseError } from '@client-credentials/protocol';
import { BoundedMap } from '../bounded-map.ts';
import { TokenSourceError } from '../errors.ts';

interface Refusal {
  readonly error: TokenResponseError;
  readonly untilMs: number;
}

/** In this process only, and by the credential that was refused: another one is tried at once. */
export class Refusals {
  readonly #byKey = new BoundedMap<Refusal>(MOST_REFUSALS);

  remember({ key, fingerprint }: RefusedBy, error: unknown, nowMs: number): void {
    if (isLasting(error)) this.#byKey.set(name({ key, fingerprint }), { error, untilMs: nowMs + REFUSAL_MS });
  }

  forget(): void {
    this.#byKey.clear();
  }

  /** @throws {TokenSourceError} `refused_recently` with the refusal as its cause, if there is one */
  check({ key, fingerprint }: RefusedBy, nowMs: number): void {
    const { error: cause, untilMs } = this.#byKey.get(name({ key, fingerprint })) ?? NONE;
    // More than the whole time is left: the clock was set back.
    if (cause === undefined || !(nowMs < untilMs && untilMs - nowMs <= REFUSAL_MS)) return;
    throw new TokenSourceError(
      'refused_recently',
      `The server refused this a moment ago, and would again: ${cause.message} (forceRefresh asks all the same)`,
      { cause, retryAtMs: untilMs },
    );
  }
}

/** What a refusal is about: a token, and the credential that was to get it. */
export interface RefusedBy {
  readonly key: string;
  readonly fingerprint: string;
}

/**
 * Whether a refusal holds for as long as nobody changes anything. Only an answer in the protocol's own words says so; a proxy's page, a
 * time-out or a server in trouble does not.
 *
 * @see RFC 6749 §5.2 https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
function isLasting(error: unknown): error is TokenResponseError {
  return error instanceof TokenResponseError && error.code === 'oauth_error' && !error.transient && LASTING.has(error.error ?? '');
}

function name({ key, fingerprint }: RefusedBy): string {
  return `${fingerprint}\n${key}`;
}

const LASTING: ReadonlySet<string> = new Set(['invalid_client', 'unauthorized_client', 'invalid_scope', 'invalid_request']);
const NONE: Partial<Refusal> & { readonly untilMs: number } = { untilMs: 0 };
const REFUSAL_MS = 60_000;
const MOST_REFUSALS = 1_000;
