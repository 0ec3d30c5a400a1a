/** The one engine: every request is sent here, with a token, within its deadline, and repeated where that is allowed. */
import type { Dispatcher } from 'undici';
import { type Authorization, Authorizer, type TokenDemand } from './authorization.ts';
import { type Call, labelOf } from './call.ts';
import { CallsInFlight } from './calls-in-flight.ts';
import type { Connection } from './connection.ts';
import { readConnectionError } from './connection-error.ts';
import { ApiCallerError } from './errors.ts';
import type { Interruption } from './interruption.ts';
import { type Outcome, retryDelayMs } from './retry/decision.ts';
import { readRetryAfterMs } from './retry/retry-after.ts';
import type { Settings } from './settings.ts';

/** An answer, and what its reader must know of how it came about. */
export interface Exchange {
  readonly call: Call;
  readonly response: Dispatcher.ResponseData;
  /** Which attempt got this answer. */
  readonly attempt: number;
  /** To be kept out of whatever is made of the answer. */
  readonly token: string;
  readonly interruption: Interruption;
}

/** Takes the final answer. If it reads the body and the connection fails meanwhile, the call may be repeated. */
export type Receiver<T> = (exchange: Exchange) => Promise<T>;

export class Sender {
  readonly #settings: Settings;
  readonly #connection: Connection;
  readonly #authorizer: Authorizer;
  readonly #calls: CallsInFlight;
  #closed = false;

  constructor(settings: Settings, connection: Connection) {
    this.#settings = settings;
    this.#connection = connection;
    this.#authorizer = new Authorizer(settings.tokens, settings.scope);
    this.#calls = new CallsInFlight(() => performance.now());
  }

  /**
   * What `receive` makes of the final answer, whatever its status.
   *
   * @throws {ApiCallerError} `closed`, `no_token`, `network`, `timeout`; what the token provider threw; `signal.reason`
   */
  async send<T>(call: Call, receive: Receiver<T>): Promise<T> {
    if (this.#closed) throw closed();
    const late = (): Error => new ApiCallerError('timeout', `${call.label} was not done within ${call.deadlineMs} ms`, { transient: true });
    const { signal, deadlineMs } = call;
    return this.#calls.run({ signal, deadlineMs, late }, (interruption) => this.#deliver(call, interruption, receive));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#calls.interruptAll(closed());
    await this.#connection.close();
  }

  async #deliver<T>(call: Call, interruption: Interruption, receive: Receiver<T>): Promise<T> {
    const demand: TokenDemand = { deadlineAtMs: call.deadlineAtMs, ...(call.signal === undefined ? {} : { signal: call.signal }) };
    let authorization = await this.#authorizer.obtain(demand);
    let renewable = true;
    for (let attempt = 1; ; ) {
      interruption.throwIfAborted();
      const step = await this.#attempt({ call, interruption, authorization, attempt, renewable, receive });
      if ('value' in step) return step.value;
      if ('delayMs' in step) {
        attempt += 1;
        await this.#settings.sleep(step.delayMs, interruption.signal);
        continue;
      }
      // RFC 6750 §3.1: one renewal. It is no attempt of its own, or a call with a single attempt could not outlive its token.
      renewable = false;
      const { rejected } = step;
      const renewed = await this.#authorizer.obtain({ ...demand, rejectedToken: authorization.given }).catch(async (error: unknown) => {
        await rejected.body.dump();
        throw error;
      });
      if (renewed.value === authorization.value) return receive({ call, response: rejected, attempt, token: renewed.value, interruption });
      await rejected.body.dump();
      authorization = renewed;
    }
  }

  async #attempt<T>(options: Attempt<T>): Promise<Step<T>> {
    const { call, interruption, authorization, attempt, receive } = options;
    try {
      const response = await this.#dispatch(options);
      if (response.statusCode === 401 && options.renewable) return { rejected: response };
      const retryAfterMs = readRetryAfterMs(response.headers, this.#settings.now());
      const delayMs = this.#retryDelayMs({ kind: 'response', status: response.statusCode, retryAfterMs }, options);
      if (delayMs === undefined) return { value: await receive({ call, response, attempt, token: authorization.value, interruption }) };
      await response.body.dump();
      return { delayMs };
    } catch (error) {
      interruption.throwIfAborted();
      const passing = error instanceof ApiCallerError && error.transient && (error.code === 'network' || error.code === 'timeout');
      const delayMs = passing ? this.#retryDelayMs({ kind: 'failure' }, options) : undefined;
      if (delayMs === undefined) throw error;
      return { delayMs };
    }
  }

  async #dispatch({ call, interruption, authorization, attempt }: Attempt<unknown>): Promise<Dispatcher.ResponseData> {
    const dispatcher = await this.#connection.dispatcher();
    const { body, failure } = call.openBody();
    try {
      return await dispatcher.request({
        origin: call.url.origin,
        path: call.url.pathname + call.url.search,
        method: call.method,
        headers: { ...call.headers, authorization: authorization.header },
        body,
        signal: interruption,
        headersTimeout: this.#settings.attemptTimeoutMs,
        bodyTimeout: this.#settings.attemptTimeoutMs,
      });
    } catch (error) {
      const streamFailure = failure();
      throw streamFailure === undefined ? readConnectionError(error, labelOf(call, attempt)) : streamFailure.error;
    }
  }

  #retryDelayMs(outcome: Outcome, { call, attempt }: Attempt<unknown>): number | undefined {
    const { maxAttempts, random, now } = this.#settings;
    return retryDelayMs(outcome, { method: call.method, attempts: attempt, maxAttempts, remainingMs: call.deadlineAtMs - now(), random });
  }
}

interface Attempt<T> {
  readonly call: Call;
  readonly interruption: Interruption;
  readonly authorization: Authorization;
  readonly attempt: number;
  /** Whether a rejected token may still be renewed. */
  readonly renewable: boolean;
  readonly receive: Receiver<T>;
}

/** Done, to be repeated after a while, or to be repeated with another token. */
type Step<T> = { readonly value: T } | { readonly delayMs: number } | { readonly rejected: Dispatcher.ResponseData };

function closed(): ApiCallerError {
  return new ApiCallerError('closed', 'This API caller is closed; create another one');
}
