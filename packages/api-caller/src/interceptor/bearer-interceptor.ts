/** The token rule for those who have an undici dispatcher of their own: every request through it gets a token, or does not leave. RFC 6750. */
import { parseChallenges, type Remedy, remedyOf } from '@client-credentials/protocol';
import type { Dispatcher } from 'undici';
import { type Authorization, Authorizer, type TokenDemand } from '../authorization.ts';
import { isDeclared, readOrigins } from '../egress.ts';
import { ApiCallerError, printable } from '../errors.ts';
import { fieldsOf } from '../headers.ts';
import { type OptionNames, requireKnownOptions } from '../known-options.ts';
import { type ProvenCall, Prover } from '../prover.ts';
import { type ApiCallerOptions, requireTokens } from '../settings.ts';
import { Target } from '../target.ts';
import { HeldRefusal, type Refusal } from './held-refusal.ts';
import { readFields } from './request-headers.ts';

/** Options of `bearerInterceptor`. */
export type BearerInterceptorOptions = Pick<ApiCallerOptions, 'scope' | 'tokens' | 'allowHttpLoopback'> & {
  /** The whole list of origins that may be called. */
  readonly origins: readonly string[];
};

/**
 * An interceptor for `dispatcher.compose(...)`. A request to an origin that was not declared fails with `egress_refused`, and one that
 * has an `Authorization` of its own with `reserved_header`, before anybody is asked for a token. After a 401 another token is asked for,
 * once, if the body can be sent again; there are no other repetitions. A token that is bound to a client certificate is sent as well:
 * the dispatcher has to show the certificate.
 *
 * @throws {ApiCallerError} `invalid_configuration`, naming the option
 * @see RFC 6750 §2.1 https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function bearerInterceptor(options: BearerInterceptorOptions): Dispatcher.DispatcherComposeInterceptor {
  requireKnownOptions(options, { of: 'bearerInterceptor', names: NAMES });
  requireTokens(options);
  const origins = readOrigins(options.origins, options.allowHttpLoopback ?? false);
  const authorizer = new Authorizer(options.tokens, options.scope);
  const prover = new Prover();
  return (dispatch) => (request, handler) => {
    const fail = (error: unknown): void => handler.onResponseError?.(NO_REQUEST, error as Error);
    deliver({ request, dispatch, authorizer, prover, origins }, { handler, fail }).catch(fail);
    return true;
  };
}

interface Outgoing {
  readonly request: Dispatcher.DispatchOptions;
  readonly dispatch: Dispatcher.Dispatch;
  readonly authorizer: Authorizer;
  readonly prover: Prover;
  readonly origins: ReadonlySet<string>;
}

async function deliver(outgoing: Outgoing, to: { handler: Dispatcher.DispatchHandler; fail: (error: unknown) => void }): Promise<void> {
  const { request, dispatch, authorizer, prover, origins } = outgoing;
  const target = requireDeclared(request, origins);
  const fields = readFields(request.headers);
  const demand: TokenDemand = { deadlineAtMs: Date.now() + DEADLINE_MS };
  const send = async (authorization: Authorization, handler: Dispatcher.DispatchHandler): Promise<void> => {
    const proof = authorization.binding?.proof === undefined ? {} : { dpop: await prover.prove(target, authorization.binding) };
    dispatch({ ...request, headers: { ...fields, authorization: authorization.header, ...proof } }, handler);
  };
  const first = await authorizer.obtain(demand);
  const sendAgain = async (refusal: Refusal): Promise<boolean> => {
    prover.learn(target, refusal.headers);
    const next = await remedied(remedyOf(parseChallenges(fieldsOf(refusal.headers, 'www-authenticate'))), { first, authorizer, demand });
    if (next === undefined) return false;
    await send(next, to.handler);
    return true;
  };
  await send(first, isReplayable(request.body) ? new HeldRefusal({ ...to, sendAgain }) : to.handler);
}

/** What to send the request with once more; `undefined` if the refusal stands. */
async function remedied(
  remedy: Remedy,
  { first, authorizer, demand }: { first: Authorization; authorizer: Authorizer; demand: TokenDemand },
): Promise<Authorization | undefined> {
  if (remedy.kind === 'none') return undefined;
  if (remedy.kind === 'nonce') return first.binding?.proof === undefined ? undefined : first;
  const claims = remedy.kind === 'claims' ? { claims: remedy.claims } : {};
  const renewed = await authorizer.obtain({ ...demand, rejectedToken: first.given, ...claims });
  return renewed.value === first.value ? undefined : renewed;
}

function requireDeclared({ origin, path, method }: Dispatcher.DispatchOptions, origins: ReadonlySet<string>): ProvenCall {
  if (origin !== undefined && URL.canParse(path, String(origin))) {
    const url = new URL(path, String(origin));
    const target = Target.of(url);
    const isWhole = url.username === '' && url.password === '' && !path.startsWith('//');
    if (isWhole && isDeclared({ origins }, target) && isDeclared({ origins }, Target.of(new URL(origin)))) return { method, target };
  }
  const shown = origin === undefined ? 'a request without an origin' : `"${printable(String(origin).replace(/\/\/[^/]*@/, '//…@'))}"`;
  throw new ApiCallerError(
    'egress_refused',
    `Nothing is sent: ${shown} is not a declared origin (${[...origins].join(', ')}); add it to \`origins\``,
  );
}

function isReplayable(body: unknown): boolean {
  return body === undefined || body === null || typeof body === 'string' || body instanceof Uint8Array;
}

const NAMES: OptionNames<BearerInterceptorOptions> = { scope: true, tokens: true, origins: true, allowHttpLoopback: true };
/** Where a request fails that never was one. */
const NO_REQUEST: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => {},
  pause: () => {},
  resume: () => {},
};
/** undici tells an interceptor of no deadline, so that there is one for the token at least. */
const DEADLINE_MS = 30_000;
