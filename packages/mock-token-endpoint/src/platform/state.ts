/** What the platforms share: their secrets, the managed identities, and the key of the external issuer. */
import type { Ids } from '../ids.ts';
import type { MockFederatedCredential } from '../options.ts';
import { createSigningKey, type SigningKey } from '../pki/keys.ts';

export interface PlatformState {
  /** The value of `IDENTITY_HEADER` on App Service. */
  readonly identityHeader: string;
  /** The value of `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly actionsToken: string;
  /** The issuer outside the mock's tenants, and what it signs with. */
  readonly externalIssuer: string;
  readonly externalKey: SigningKey;
  /** The client ids of the system-assigned and the user-assigned managed identity. */
  readonly systemAssignedClientId: string;
  readonly userAssignedClientId: string;
  /** The tenant the managed identities are in: the mock's own. */
  readonly tenantId: string;
  /** What the own client is registered with. */
  readonly federatedCredentials: readonly MockFederatedCredential[];
}

export async function createPlatformState({
  ids,
  tenantId,
  platformUrl,
}: {
  ids: Ids;
  tenantId: string;
  platformUrl: string;
}): Promise<PlatformState> {
  return {
    identityHeader: ids.secret(24),
    actionsToken: ids.secret(24),
    externalIssuer: `${platformUrl}/external`,
    externalKey: await createSigningKey(),
    systemAssignedClientId: ids.guid(),
    userAssignedClientId: ids.guid(),
    tenantId,
    federatedCredentials: [],
  };
}
