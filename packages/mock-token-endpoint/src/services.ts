/** What every route is given: who exists, what time it is, and the state that requests share. */
import type { ReplayStore } from './checks/replay.ts';
import type { Clock } from './clock.ts';
import type { Directory } from './directory.ts';
import type { SigningKey } from './pki/keys.ts';

export interface Services {
  /** The mock's own origin: issuers are named after it, whichever of its hosts a client asks for. */
  readonly authorityHost: string;
  readonly directory: Directory;
  readonly signingKey: SigningKey;
  readonly replays: ReplayStore;
  readonly clock: Clock;
  readonly tokenLifetimeSeconds: number;
  readonly uniqueId: () => string;
}
