/** Who issues the tokens: an Entra tenant, or the issuer of any other authorization server. */
import type { AuthorizationServer } from '@client-credentials/protocol';

/** Plain data, made by `entra` or `issuer`. */
export interface Authority {
  readonly kind: 'entra' | 'issuer';
  /** The issuer identifier. */
  readonly issuer: string;
  /** The server, where no question has to be asked first. */
  readonly server?: AuthorizationServer;
  /** Else where its metadata may stand, in the order in which they are tried. */
  readonly metadataUrls: readonly string[];
  /** Lets `http:` through for a loopback host. */
  readonly allowHttpLoopback: boolean;
}
