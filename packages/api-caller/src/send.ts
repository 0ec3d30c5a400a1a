/** The one engine: every request is sent here, with a token, within its deadline, and repeated where that is allowed. */
import type { Dispatcher } from 'undici';
import { type Authorization, Authorizer, type TokenDemand } from './authorization.ts';
import { attemptOf, type Call, labelOf } from './call.ts';
import { CallsInFlight } from './calls-in-flight.ts';
import type { Connection } from './connection.ts';
import { readConnectionError } from './connection-error.ts';
import { ApiCallerError } from './errors.ts';
import { publish } from './events.ts';
import { ForbiddenTokens } from './forbidden-tokens.ts';
import type { Interruption } from './interruption.ts';
import { attempted, type NextStep, nextStep, type Progress } from './next-step.ts';
import { Prover } from './prover.ts';
import { RetryBudget } from './retry/budget.ts';
import { Concurrency } from './retry/concurrency.ts';
import { isPassing, retryDelayMs } from './retry/decision.ts';
import type { Settings } from './settings.ts';
import { type CallTrace, traceCall } from './trace.ts';

/** An answer, and what its reader must know of how it came about. */
export interface Exchange {
  /** What was called in the end, after redirects. */
  readonly call: Call;
  readonly response: Dispatcher.ResponseData;
  /** Which attempt got this answer. */
  readonly attempt: number;
  /** What was sent, to be kept out of whatever is made of the answer; `undefined` if nothing was. */
  readonly token: string | undefined;
  readonly interruption: Interruption;
}

/** Takes the final answer. If it reads the body and the connection fails meanwhile, the call may be repeated. */
export type Receiver<T> = (exchange: Exchange) => Promise<T>;

export class Sender {
  readonly #settings: Settings;
  readonly #connection: Connection;
  readonly #authorizer: Authorizer;
  readonly #calls: CallsInFlight;
  readonly #concurrency: Concurrency;
  readonly #budget = new RetryBudget();
  readonly #prover = new Prover();
  readonly #forbidden = new ForbiddenTokens();
  #closed = false;

  constructor(settings: Settings, connection: Connection) {
    this.#settings = settings;
    this.#connection = connection;
    this.#authorizer = new Authorizer(settings.tokens, settings.scope);
    this.#calls = new CallsInFlight(() => performance.now());
    this.#concurrency = new Concurrency(settings.maxConcurrency);
  }

  /**
   * What `receive` makes of the final answer, whatever its status.
   *
   * @throws {ApiCallerError} `closed`, `no_token`, `network`, `timeout`; what the token provider threw; `signal.reason`
   */
  send<T>(call: Call, receive: Receiver<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closed());
    const late = (): Error =>
      new ApiCallerError('timeout', `${labelOf(call)} was not done within ${call.deadlineMs} ms`, { transient: true });
    const { signal, deadlineMs } = call;
    const trace = traceCall(call);
    const work = (interruption: Interruption): Promise<T> => this.#deliver({ call, interruption, trace, receive });
    const delivered = this.#calls.run({ signal, deadlineMs, late }, work);
    return trace === undefined ? delivered : trace.end(delivered);
  }

  /** Waits between two calls of one piece of work; its signal and `close` end it. */
  async pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#closed) throw closed();
    const limits = { signal, deadlineMs: Number.POSITIVE_INFINITY, late: closed };
    await this.#calls.run(limits, (interruption) => this.#settings.sleep(ms, interruption.signal));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#calls.interruptAll(closed());
    await this.#connection.close();
  }

  async #deliver<T>(delivery: Delivery<T>): Promise<T> {
    const { interruption, receive } = delivery;
    const { call } = delivery;
    const authorization = call.authorize ? await this.#authorizer.obtain(demandOf(call)) : undefined;
    let sent = this.#begin(call, authorization);
    for (;;) {
      interruption.throwIfAborted();
      const step = await this.#attempt(sent, delivery);
      switch (step.kind) {
        case 'done':
          return step.value;
        case 'wait':
          await this.#settings.sleep(step.delayMs, interruption.signal);
          sent = { ...sent, attempt: sent.attempt + 1 };
          break;
        case 'follow':
          sent = { ...sent, call: step.call, redirects: sent.redirects + 1 };
          break;
        case 'nonce':
          sent = { ...sent, nonceable: false };
          break;
        case 'renew': {
          // RFC 6750 §3.1: one renewal. It is no attempt of its own, or a call with a single attempt could not outlive its token.
          const authorization = await this.#renew(sent, step);
          if (authorization === undefined)
            return receive({ ...sent, response: step.response, token: sent.authorization?.value, interruption });
          await step.response.body.dump();
          sent = { ...sent, authorization, renewable: false };
          break;
        }
      }
    }
  }

  #begin(call: Call, authorization: Authorization | undefined): Sent {
    const nonceable = authorization?.binding?.proof !== undefined;
    return { call, authorization, attempt: 1, renewable: true, nonceable, refreshable: this.#settings.retryForbidden, redirects: 0 };
  }

  /** `undefined` if there is no other token than the one that was refused. */
  async #renew(sent: Sent, { remedy, claims, response }: Rejection): Promise<Authorization | undefined> {
    const { call, authorization } = sent;
    if (authorization === undefined || (remedy === 'refresh' && this.#forbidden.has(authorization.value))) return undefined;
    publish('token-rejected', () => ({ method: call.method, host: call.target.url.host, remedy }));
    const demand: TokenDemand = {
      ...demandOf(call),
      ...(remedy === 'refresh' ? { forceRefresh: true } : { rejectedToken: authorization.given }),
      ...(claims !== undefined && { claims }),
    };
    try {
      const renewed = await this.#authorizer.obtain(demand);
      if (remedy === 'refresh') this.#forbidden.add(authorization.value, renewed.value);
      return renewed.value === authorization.value ? undefined : renewed;
    } catch (error) {
      await response.body.dump();
      throw error;
    }
  }

  async #attempt<T>(sent: Sent, { interruption, receive, trace }: Delivery<T>): Promise<Step<T>> {
    const { call, attempt } = sent;
    const { origin } = call.target;
    const turn = this.#concurrency.enter(origin, interruption);
    if (turn !== undefined) await turn;
    try {
      interruption.throwIfAborted();
      const dispatching = this.#dispatch(sent, { interruption, trace });
      const response = await (trace === undefined ? dispatching : trace.attempt(attempt, dispatching));
      const step = this.#stepAfter(response, sent);
      if (step === undefined) {
        const exchange = { call, response, attempt, token: sent.authorization?.value, interruption };
        return { kind: 'done', value: await receive(exchange) };
      }
      if (step.kind === 'renew') return { ...step, response };
      await response.body.dump();
      return step;
    } catch (error) {
      interruption.throwIfAborted();
      return { kind: 'wait', delayMs: this.#delayAfter(error, sent) };
    } finally {
      this.#concurrency.leave(origin);
    }
  }

  async #dispatch(
    sent: Sent,
    { interruption, trace }: Pick<Delivery<unknown>, 'interruption' | 'trace'>,
  ): Promise<Dispatcher.ResponseData> {
    const { call, attempt, authorization } = sent;
    const { attemptTimeoutMs, clientRequestId, uniqueId } = this.#settings;
    const dispatcher = await this.#connection.dispatcher(call.authorize ? authorization?.binding?.tls : undefined);
    const bearer = call.authorize ? authorization : undefined;
    const headers: Record<string, string> = bearer === undefined ? { ...call.headers } : { ...call.headers, authorization: bearer.header };
    if (trace !== undefined) Object.assign(headers, trace.headers);
    if (clientRequestId) headers['client-request-id'] ??= uniqueId();
    if (bearer?.binding?.proof !== undefined) headers['dpop'] = await this.#prover.prove(call, bearer.binding);
    const { body, failure } = call.openBody();
    try {
      const response = await dispatcher.request({
        origin: call.target.origin,
        path: call.target.path,
        method: call.method,
        headers,
        body,
        signal: interruption,
        headersTimeout: attemptTimeoutMs,
        bodyTimeout: attemptTimeoutMs,
      });
      if (authorization?.binding?.proof !== undefined) this.#prover.learn(call, response.headers);
      return response;
    } catch (error) {
      const streamFailure = failure();
      throw streamFailure === undefined ? readConnectionError(error, attemptOf(call, attempt)) : streamFailure.error;
    }
  }

  #stepAfter(response: Dispatcher.ResponseData, sent: Sent): NextStep | undefined {
    const { statusCode: status } = response;
    const { call, attempt } = sent;
    const { origin } = call.target;
    if (!isPassing(status)) this.#budget.give(origin);
    const step = nextStep(response, sent, this.#settings);
    if (status >= 300 && status < 400 && status !== 304)
      publish('redirect', () => ({ method: call.method, host: call.target.url.host, status, followed: step?.kind === 'follow' }));
    if (step?.kind !== 'wait') return step;
    if (!this.#budget.take(origin, 'answer')) return undefined;
    publish('retry', () => ({ method: call.method, host: call.target.url.host, attempt, delayMs: step.delayMs, status }));
    return step;
  }

  /** @throws what was given, if the call has failed with it */
  #delayAfter(error: unknown, sent: Sent): number {
    const passing = error instanceof ApiCallerError && error.transient && (error.code === 'network' || error.code === 'timeout');
    const delayMs = passing ? retryDelayMs({ kind: 'failure' }, attempted(sent, this.#settings)) : undefined;
    const { call, attempt } = sent;
    if (delayMs === undefined || !this.#budget.take(call.target.origin, 'failure')) throw error;
    publish('retry', () => ({ method: call.method, host: call.target.url.host, attempt, delayMs }));
    return delayMs;
  }
}

/** What one call consists of while it is under way. */
interface Delivery<T> {
  readonly call: Call;
  readonly interruption: Interruption;
  readonly trace: CallTrace | undefined;
  readonly receive: Receiver<T>;
}

interface Sent extends Progress {
  /** `undefined` for a call that goes without. */
  readonly authorization: Authorization | undefined;
}

/** A refusal that is still unread: if no other token is to be had, it is the final answer. */
type Rejection = Extract<NextStep, { kind: 'renew' }> & { readonly response: Dispatcher.ResponseData };

type Step<T> = { readonly kind: 'done'; readonly value: T } | Exclude<NextStep, { kind: 'renew' }> | Rejection;

function demandOf({ signal, deadlineAtMs, tenant }: Call): TokenDemand {
  return { deadlineAtMs, ...(signal !== undefined && { signal }), ...(tenant !== undefined && { tenant }) };
}

function closed(): ApiCallerError {
  return new ApiCallerError('closed', 'This API caller is closed; create another one');
}
