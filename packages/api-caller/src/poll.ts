/** Waits for what an API does in its own time: asks for the operation's state until it is done. Microsoft REST API Guidelines, long-running operations. */

import { buildCall, type CallOptions, labelOf } from './call.ts';
import { ApiCallerError, ApiResponseError, printable } from './errors.ts';
import { fieldOf } from './headers.ts';
import { ACCEPT_JSON, readJson } from './json.ts';
import { readRetryAfterMs } from './retry/retry-after.ts';
import type { Exchange, Sender } from './send.ts';
import type { Settings } from './settings.ts';
import type { Target } from './target.ts';

/** Options of `poll`. */
export interface PollOptions extends CallOptions {
  /** For all of it, milliseconds. Default: 600,000. */
  readonly deadlineMs?: number | undefined;
  /** Whether this body says that the operation is done, for APIs that have words of their own for it. */
  readonly until?: ((body: unknown) => boolean) | undefined;
}

/**
 * What the operation has made, or its last state if it does not say where that is.
 *
 * It is under way while the answer is 202, or 200 with a `status` (Azure: `properties.provisioningState`) that is no end. It is asked
 * again after the time that the answer names, else after 1 s, 2 s, 4 s and so on up to 30 s.
 *
 * @param location  what `Location`, `Operation-Location` or `Azure-AsyncOperation` said; it passes the same egress check as any URL
 * @throws {ApiResponseError} `response_error` if the operation failed or was cancelled, with the API's reason, and as `getJson` does
 * @throws {ApiCallerError} `timeout` if it was not done in time; it goes on at the API
 * @see https://github.com/microsoft/api-guidelines/blob/vNext/azure/ConsiderationsForServiceDesign.md#long-running-operations
 */
export async function pollOperation(
  sender: Sender,
  settings: Settings,
  { location, options = {} }: { readonly location: string; readonly options?: PollOptions | undefined },
): Promise<unknown> {
  const { until, deadlineMs = DEADLINE_MS, ...callOptions } = options;
  const endsAtMs = settings.now() + deadlineMs;
  const ask = (url: string, from?: Target): Promise<OperationState> => {
    const remainingMs = Math.max(1, Math.min(settings.deadlineMs, endsAtMs - settings.now()));
    const call = buildCall(settings, { path: url, from, options: { ...callOptions, deadlineMs: remainingMs }, accept: ACCEPT_JSON });
    return sender.send(call, (exchange) => readState(exchange, { settings, until }));
  };
  let state = await ask(location);
  for (let asked = 1; !state.isDone; asked += 1) {
    const pauseMs = state.retryAfterMs ?? Math.min(FIRST_PAUSE_MS * 2 ** (asked - 1), LONGEST_PAUSE_MS);
    if (settings.now() + pauseMs >= endsAtMs) throw late(state, deadlineMs);
    await sender.pause(pauseMs, options.signal);
    state = await ask(state.location ?? state.target.url.href, state.target);
  }
  if (state.resultLocation === undefined || until !== undefined) return state.body;
  return (await ask(state.resultLocation, state.target)).body;
}

interface OperationState {
  readonly isDone: boolean;
  readonly body: unknown;
  /** Of the answer. */
  readonly target: Target;
  readonly label: string;
  readonly retryAfterMs: number | undefined;
  /** Where to ask from now on, if it says so. */
  readonly location: string | undefined;
  /** Where the result is, if it says so. */
  readonly resultLocation: string | undefined;
}

async function readState(exchange: Exchange, options: { settings: Settings; until: PollOptions['until'] }): Promise<OperationState> {
  const { call, response } = exchange;
  const body = await readJson(exchange, options.settings);
  const status = statusOf(body);
  if (options.until === undefined && status !== undefined && FAILED.has(status)) throw failedOperation(exchange, { status, body });
  const { resourceLocation } = (body ?? {}) as { readonly resourceLocation?: unknown };
  return {
    isDone: options.until?.(body) ?? (response.statusCode !== 202 && (status === undefined || SUCCEEDED.has(status))),
    body,
    target: call.target,
    label: labelOf(call),
    retryAfterMs: readRetryAfterMs(response.headers, options.settings.now()),
    location: response.statusCode === 202 ? fieldOf(response.headers, 'location') : undefined,
    resultLocation: typeof resourceLocation === 'string' ? resourceLocation : undefined,
  };
}

function statusOf(body: unknown): string | undefined {
  const { status, properties } = (body ?? {}) as {
    readonly status?: unknown;
    readonly properties?: { readonly provisioningState?: unknown };
  };
  const said = status ?? properties?.provisioningState;
  return typeof said === 'string' ? said.toLowerCase() : undefined;
}

function failedOperation({ call, response }: Exchange, { status, body }: { status: string; body: unknown }): ApiResponseError {
  const { code, message } = ((body as { readonly error?: unknown }).error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const said = [code, message].filter((text) => typeof text === 'string' && text !== '').map((text) => printable(text, 1000));
  const facts = {
    status: response.statusCode,
    method: call.method,
    path: call.target.url.pathname,
    ...(typeof code === 'string' && { apiCode: printable(code, 1000) }),
    ...(typeof message === 'string' && { apiMessage: printable(message, 1000) }),
  };
  return new ApiResponseError(
    `The operation at ${call.target.origin}${call.target.url.pathname} has ${status}${said.length > 0 ? `: ${said.join(': ')}` : ''}`,
    facts,
  );
}

function late({ target: { url } }: OperationState, deadlineMs: number): ApiCallerError {
  return new ApiCallerError(
    'timeout',
    `The operation at ${url.origin}${url.pathname} was not done within ${deadlineMs} ms; it goes on, and can be polled again`,
    { transient: true },
  );
}

const SUCCEEDED: ReadonlySet<string> = new Set(['succeeded', 'completed']);
const FAILED: ReadonlySet<string> = new Set(['failed', 'canceled', 'cancelled']);
const DEADLINE_MS = 600_000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
