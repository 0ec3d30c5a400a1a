/** A key that stays where it is, in an HSM, a vault or a KMS: the assertion is made here, and signed there. RFC 7515 §5.1 */
import { constants, createPrivateKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createTokenSource, entra, signer } from '@client-credentials/token-source';
import { openTenant } from './tenant/tenant.ts';

const tenant = await openTenant(); // the mock; with --real the tenant of AZURE_TENANT_ID

/** Stands for the call to what holds the key. PS256: SHA-256, and a salt as long as its digest. */
const key = createPrivateKey(await readFile(tenant.privateKeyFile ?? tenant.certificateFile));
const signElsewhere = (bytes: Uint8Array): Promise<Uint8Array> =>
  promisify(sign)('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });

const tokens = createTokenSource({
  authority: entra(tenant.authority),
  clientId: tenant.clientId,
  credential: signer({
    algorithm: 'PS256',
    certificate: await readFile(tenant.certificateFile),
    async sign(bytes) {
      console.log(`${bytes.length} octets to sign`);
      return signElsewhere(bytes);
    },
  }),
  ca: tenant.ca,
});
console.log(await tokens.getToken(tenant.scope));
await tokens.close();
await tenant.close();
