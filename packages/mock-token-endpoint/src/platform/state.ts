/** What the platforms share: their secrets, the managed identities, and the external issuer with its key. */
import { issuerOf } from '../entra/grant.ts';
import type { Folder } from '../folder.ts';
import type { Ids } from '../ids.ts';
import type { MockFederatedCredential } from '../options.ts';
import type { SigningKey } from '../pki/keys.ts';
import { type ArcChallenges, createArcChallenges } from './arc-challenges.ts';
import { EXTERNAL_ISSUER_PATH } from './external-issuer.ts';
import { createFederatedCredentials } from './federated-credentials.ts';
import { createManagedIdentities, type ManagedIdentities } from './managed-identity.ts';

export interface PlatformState {
  /** The value of `IDENTITY_HEADER` on App Service. */
  readonly identityHeader: string;
  /** The value of `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly actionsToken: string;
  /** The issuer outside the mock's tenants, and what it signs with. */
  readonly externalIssuer: string;
  readonly externalKey: SigningKey;
  /** The tenant the managed identities are in: the mock's own. */
  readonly tenantId: string;
  readonly identities: ManagedIdentities;
  readonly arcChallenges: ArcChallenges;
  /** What the own client is registered with. */
  readonly federatedCredentials: readonly MockFederatedCredential[];
}

interface PlatformParts {
  /** For what stays the same, and for what is new with each request. */
  readonly ids: Ids;
  readonly requestIds: Ids;
  readonly tenantId: string;
  readonly authorityHost: string;
  readonly platformUrl: string;
  readonly externalKey: SigningKey;
  readonly folder: Folder;
}

export function createPlatformState(parts: PlatformParts): PlatformState {
  const { ids, requestIds, tenantId, authorityHost, platformUrl, externalKey, folder } = parts;
  const externalIssuer = `${platformUrl}${EXTERNAL_ISSUER_PATH}`;
  const identities = createManagedIdentities({ ids, tenantId });
  return {
    identityHeader: ids.secret(24),
    actionsToken: ids.secret(24),
    externalIssuer,
    externalKey,
    tenantId,
    identities,
    arcChallenges: createArcChallenges({ folder, ids: requestIds }),
    federatedCredentials: createFederatedCredentials({
      externalIssuer,
      managedIdentity: { issuer: issuerOf(authorityHost, tenantId), objectId: identities.userAssigned.objectId },
    }),
  };
}
