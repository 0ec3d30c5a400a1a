/** Says in time that a credential ends: 30, 14, 7 and 1 days before, and when it has. */
import { BoundedMap } from '../bounded-map.ts';
import type { LoadedCredential } from '../credential/credential.ts';
import type { Events } from '../events.ts';

export class ExpiryWarnings {
  readonly #events: Events;
  /** The last warning about each credential, by its days. */
  readonly #told = new BoundedMap<number>(MOST_CREDENTIALS);

  constructor(events: Events) {
    this.#events = events;
  }

  consider({ kind: credential, fingerprint, expiresAtMs, renewsItself = false }: LoadedCredential, nowMs: number): void {
    if (expiresAtMs === undefined || renewsItself) return;
    const daysLeft = (expiresAtMs - nowMs) / DAY_MS;
    const days = DAYS_BEFORE.find((before) => daysLeft <= before);
    if (days === undefined || this.#told.get(fingerprint) === days) return;
    this.#told.set(fingerprint, days);
    this.#events.publish('credential-expiring', () => ({ credential, expiresAtMs, daysLeft: Math.max(0, Math.floor(daysLeft)) }));
  }
}

const DAY_MS = 24 * 3_600_000;
const DAYS_BEFORE = [0, 1, 7, 14, 30];
const MOST_CREDENTIALS = 100;
