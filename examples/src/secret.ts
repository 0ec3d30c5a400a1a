/** A client secret. It is given as a function, so that a new one serves without a restart. RFC 6749 §2.3.1 */
import { createTokenSource, entra, secret } from '@client-credentials/token-source';
import { openTenant } from './tenant/tenant.ts';

const tenant = await openTenant(); // the mock; with --real the tenant of AZURE_TENANT_ID
const tokens = createTokenSource({
  authority: entra(tenant.authority),
  clientId: tenant.clientId,
  credential: secret(() => tenant.clientSecret), // asked for every request, never for a token that is kept
  ca: tenant.ca,
});

const token = await tokens.getToken(tenant.scope);
console.log(token); // the token itself is `token.value`, which is not printed
console.log('the same one again:', (await tokens.getToken(tenant.scope)) === token);
console.log('kept, and', tokens.inspect(tenant.scope)?.freshness);
await tokens.close();
await tenant.close();
