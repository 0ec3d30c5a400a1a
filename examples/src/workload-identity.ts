/** On Kubernetes: the token of the pod's service account is the credential, and there is no secret to keep. RFC 7523 §2.2 */
import { createTokenSource, entra, workloadIdentity } from '@client-credentials/token-source';
import { openTenant } from './tenant/tenant.ts';

const tenant = await openTenant(); // the mock; with --real, in a pod, the tenant of AZURE_TENANT_ID
const environment = await tenant.environmentOn('kubernetes'); // what the webhook of Azure Workload Identity sets
const tokens = createTokenSource({
  authority: entra(tenant.authority),
  clientId: tenant.clientId,
  // The file of AZURE_FEDERATED_TOKEN_FILE, read for every request, since the cluster renews it.
  credential: workloadIdentity({ environment }),
  // A federated credential that was made a minute ago is waited for.
  federationPropagationRetry: true,
  ca: tenant.ca,
});
console.log(await tokens.getToken(tenant.scope));
await tokens.close();
await tenant.close();
