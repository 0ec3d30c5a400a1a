/** Whose tokens the mock's own client may present in place of an assertion of its own. Entra: workload identity federation. */
import type { MockFederatedCredential } from '../options.ts';

/** The `aud` of a token that is meant for Entra in the public cloud; other clouds have others. */
export const TOKEN_EXCHANGE_AUDIENCE: string = 'api://AzureADTokenExchange';
/** A workflow on the main branch of a repository at GitHub. */
export const WORKFLOW_SUBJECT: string = 'repo:octo-org/octo-repo:ref:refs/heads/main';
/** A pod in a Kubernetes cluster. */
export const SERVICE_ACCOUNT_SUBJECT: string = 'system:serviceaccount:default:daemon';

interface FederatedIssuers {
  readonly externalIssuer: string;
  /** Of a managed identity's token, and the object id of the identity. */
  readonly managedIdentity: { readonly issuer: string; readonly objectId: string };
}

/** One for each of three kinds of issuer: the external one signs for workflows and pods, the tenant for its managed identities. */
export function createFederatedCredentials({ externalIssuer, managedIdentity }: FederatedIssuers): readonly MockFederatedCredential[] {
  return [
    { issuer: externalIssuer, subject: WORKFLOW_SUBJECT },
    { issuer: externalIssuer, subject: SERVICE_ACCOUNT_SUBJECT },
    { issuer: managedIdentity.issuer, subject: managedIdentity.objectId },
  ].map((credential) => ({ ...credential, audience: TOKEN_EXCHANGE_AUDIENCE }));
}
