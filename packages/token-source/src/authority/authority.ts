/** Who issues the tokens: an Entra tenant, or the issuer of any other authorization server. */
import type { AuthorizationServer, Cloud } from '@client-credentials/protocol';
import type { Expiring } from '@client-credentials/token-cache';
import type { Transport } from '../transport/transport.ts';

/** Made by `entra` or `issuer`. */
export interface Authority {
  readonly kind: 'entra' | 'issuer';
  /** The issuer identifier. */
  readonly issuer: string;
  /** Entra: the tenant's GUID or domain name, in lower case. */
  readonly tenant?: string;
  /** Entra: the cloud of its host, where that is a known one. */
  readonly cloud?: Cloud;
  /** The server, where no question has to be asked first. */
  readonly server?: AuthorizationServer;
  /** Else finds it out: by its metadata, or by asking whether its host is one of Microsoft's, or where this process runs. */
  discover?(context: DiscoveryContext): Promise<DiscoveredServer>;
  /** Entra: the same for another tenant. @throws {ProtocolError} `invalid_tenant` */
  forTenant?(tenant: string): Authority;
}

/** What it takes to ask. */
export interface DiscoveryContext {
  readonly transport: Pick<Transport, 'send'>;
  readonly signal: AbortSignal;
  /** For one request, milliseconds. */
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A server as it was found out, for as long as that may be relied on. */
export interface DiscoveredServer extends Expiring {
  readonly server: AuthorizationServer;
}
