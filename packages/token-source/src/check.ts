/** Whether a source could get a token now, found out without asking for one. */
import type { AuthorizationServer, MaybePromise } from '@client-credentials/protocol';
import type { Store } from '@client-credentials/token-cache';
import type { Authority } from './authority/authority.ts';
import type { LoadedCredential } from './credential/credential.ts';
import { TokenSourceError } from './errors.ts';
import { loadCredential, type RequestContext } from './request/attempt.ts';
import type { CheckOptions, CheckReport } from './token-source.ts';
import { untilAborted } from './until-aborted.ts';

/** What is looked at. */
export interface CheckedParts {
  readonly authority: Authority;
  readonly context: RequestContext;
  readonly store: Store | undefined;
  readonly deadlineMs: number;
  readonly lastSuccessAtMs: number | undefined;
}

/** Never rejects: what goes wrong is a problem of the report, and so is what does not end in time. */
export async function check({ network = false }: CheckOptions, parts: CheckedParts): Promise<CheckReport> {
  const { deadlineMs } = parts;
  const controller = new AbortController();
  const timedOut = new TokenSourceError('timeout', `there was no answer within ${deadlineMs} ms`, { transient: true });
  // Not AbortSignal.timeout, beside which the process may end.
  const timer = setTimeout(() => controller.abort(timedOut), deadlineMs);
  try {
    return await look(parts, { network, signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}

async function look(parts: CheckedParts, { network, signal }: { network: boolean; signal: AbortSignal }): Promise<CheckReport> {
  const { authority, context, store, lastSuccessAtMs } = parts;
  const problems: string[] = [];
  const attempt = async <T>(what: string, act: () => MaybePromise<T>): Promise<T | undefined> => {
    try {
      return await untilAborted(act, signal);
    } catch (error) {
      problems.push(`${what}: ${error instanceof Error ? error.message : 'no reason was given'}`);
      return undefined;
    }
  };
  const asking = network ? context : { ...context, transport: OFFLINE };
  const loaded = await attempt('The credential cannot be loaded', () => loadCredential(asking, { authority, signal }));
  const server = await attempt('The authority cannot be found', () =>
    network ? context.serverOf(authority, signal) : knownServer(authority),
  );
  const signed =
    loaded && server && (await attempt('The credential cannot authenticate a request', () => sign(context, { loaded, server })));
  const storeReachable =
    network && store !== undefined ? (await attempt('The store does not answer', () => ask(store, signal))) === true : undefined;
  const daysLeft =
    loaded?.expiresAtMs === undefined || loaded.renewsItself ? undefined : Math.floor((loaded.expiresAtMs - context.now()) / DAY_MS);
  if (daysLeft !== undefined && daysLeft < FEW_DAYS)
    problems.push(`The credential ends in ${daysLeft} days; register and deploy a new one`);
  return {
    ok: problems.length === 0,
    canSign: signed === true,
    ...(daysLeft !== undefined && { credentialDaysLeft: daysLeft }),
    ...(lastSuccessAtMs !== undefined && { lastSuccessAtMs }),
    clockOffsetMs: context.clockOffset.offsetMs,
    ...(storeReachable !== undefined && { storeReachable }),
    problems,
  };
}

/** Where metadata would have to be asked for, one that stands in: a signature does not depend on where it goes. */
function knownServer({ server, issuer, kind }: Authority): AuthorizationServer {
  return server ?? { profile: kind === 'entra' ? 'entra' : 'rfc', issuer, tokenEndpoint: issuer };
}

async function sign(
  { clientId, now, uniqueId, clockOffset }: RequestContext,
  { loaded, server }: { loaded: LoadedCredential; server: AuthorizationServer },
): Promise<true> {
  await loaded.authentication(server).apply({ server, clientId, nowMs: now() + clockOffset.offsetMs, uniqueId });
  return true;
}

async function ask(store: Store, signal: AbortSignal): Promise<true> {
  await store.read('check', { key: 'check', signal });
  return true;
}

const OFFLINE = {
  send: async (): Promise<never> => {
    throw new TokenSourceError('credential_unavailable', 'it has to be asked for over the network; use check({ network: true })');
  },
};

const DAY_MS = 24 * 3_600_000;
const FEW_DAYS = 7;
