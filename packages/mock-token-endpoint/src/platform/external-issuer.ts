/** An issuer outside the mock's tenants, as GitHub or a Kubernetes cluster is one: its document, its keys, its tokens. OpenID Connect Discovery §4. */
import type { Services } from '../services.ts';

export interface FederatedTokenRequest {
  /** Default the subject of the own client's first federated credential. */
  readonly subject?: string | undefined;
  /** Default `api://AzureADTokenExchange`. */
  readonly audience?: string | undefined;
  /** Seconds from the mock's time; default 600; a negative one has expired. */
  readonly lifetimeSeconds?: number | undefined;
}

/** A token of this issuer. */
export async function createFederatedToken(_request: FederatedTokenRequest, _services: Services): Promise<string> {
  return '';
}
