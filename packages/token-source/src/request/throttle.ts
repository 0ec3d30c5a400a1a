/** The pauses that a server has asked for. They hold for all that this client asks of it, not only for the request that was refused. */
import { BoundedMap } from '../bounded-map.ts';

export class Throttle {
  readonly #untilByTenant = new BoundedMap<number>(MOST_TENANTS);

  /** @param tenant  Entra throttles a client for each tenant by itself */
  remember(tenant: string | undefined, { retryAfterMs, nowMs }: { retryAfterMs: number; nowMs: number }): void {
    this.#untilByTenant.set(tenant ?? '', nowMs + Math.min(retryAfterMs, LONGEST_PAUSE_MS));
  }

  forget(tenant: string | undefined): void {
    this.#untilByTenant.delete(tenant ?? '');
  }

  /** From when on the server takes requests again, epoch milliseconds; `undefined` if it does now. */
  retryAtMs(tenant: string | undefined, nowMs: number): number | undefined {
    const untilMs = this.#untilByTenant.get(tenant ?? '');
    // More than the longest pause is left: the clock was set back.
    return untilMs !== undefined && nowMs < untilMs && untilMs - nowMs <= LONGEST_PAUSE_MS ? untilMs : undefined;
  }
}

const LONGEST_PAUSE_MS = 3_600_000;
const MOST_TENANTS = 10_000;
