/** A certificate in a file that is replaced now and then: the new one serves without a restart. RFC 7523 §2.2 */
import { subscribe } from 'node:diagnostics_channel';
import { certificateFile, createTokenSource, entra, type TokenSourceEvents } from '@client-credentials/token-source';
import { openTenant } from './tenant/tenant.ts';

// Told 30, 14, 7 and 1 days before it ends.
subscribe('client-credentials:token-source:credential-expiring', (event) => {
  const { credential, daysLeft } = event as TokenSourceEvents['credential-expiring'];
  console.warn(`The ${credential} ends in ${daysLeft} days`);
});

const tenant = await openTenant(); // the mock; with --real the tenant of AZURE_TENANT_ID
const tokens = createTokenSource({
  authority: entra(tenant.authority),
  clientId: tenant.clientId,
  // PEM or PFX. The key may stand in the same file, and each request looks whether it is still the same.
  credential: certificateFile(tenant.certificateFile, { privateKeyPath: tenant.privateKeyFile }),
  ca: tenant.ca,
});

console.log(await tokens.getToken(tenant.scope));
const { credentialDaysLeft = 0 } = await tokens.check();
console.log(`the certificate is good for ${credentialDaysLeft} days`);
await tokens.close();
await tenant.close();
