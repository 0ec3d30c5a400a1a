/** What every route is given: who exists, what time it is, and the state that requests share. */
import type { ApiState } from './api/state.ts';
import type { ReplayStore } from './checks/replay.ts';
import type { Clock } from './clock.ts';
import type { Directory } from './directory/directory.ts';
import type { SigningKey } from './pki/keys.ts';
import type { PlatformState } from './platform/state.ts';
import type { RfcState } from './rfc/state.ts';
import type { Strictness } from './strictness.ts';

export interface Services {
  /** The mock's own origin: issuers are named after it, whichever of its hosts a client asks for. */
  readonly authorityHost: string;
  /** The issuer of the RFC face. */
  readonly issuer: string;
  /** The origin of the listener that asks for client certificates. */
  readonly mtlsOrigin: string;
  /** The origin of the listener without TLS. */
  readonly platformUrl: string;
  /** The mock's certificate authority, PEM. */
  readonly ca: string;
  readonly strictness: Strictness;
  readonly directory: Directory;
  readonly signingKey: SigningKey;
  readonly replays: ReplayStore;
  readonly rfc: RfcState;
  readonly platform: PlatformState;
  readonly api: ApiState;
  readonly clock: Clock;
  readonly tokenLifetimeSeconds: number;
  /** A new GUID each time. */
  readonly uniqueId: () => string;
}
