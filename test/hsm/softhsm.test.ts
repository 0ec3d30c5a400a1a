/** A key that does not leave its module signs assertions through `signer`, and the mock verifies them. */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { createTokenSource, entra, signer } from '@client-credentials/token-source';
import { expect, onTestFinished, test } from 'vitest';
import { certify, createHsmKey } from './softhsm.ts';

const TENANT = 'contoso.example';
const CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e';

test('PS256 by a key that cannot be exported gets a token', async () => {
  const key = createHsmKey();
  expect(await key.describePrivateKey()).toMatch(/sensitive.*never extractable/);
  const certificate = certify(key.publicKey);
  expect(new X509Certificate(certificate).publicKey.equals(createPublicKey(key.publicKey))).toBe(true);

  const mock = await startMockTokenEndpoint({ tenants: { [TENANT]: { clients: { [CLIENT]: { certificates: [certificate] } } } } });
  onTestFinished(() => mock.close());
  const source = createTokenSource({
    authority: entra({ tenant: TENANT, authorityHost: mock.authorityHost }),
    clientId: CLIENT,
    credential: signer({ algorithm: 'PS256', sign: (bytes) => key.sign(bytes), certificate }),
    ca: mock.ca,
  });
  onTestFinished(() => source.close());
  const token = await source.getToken(mock.scope);
  expect(await source.getToken(mock.scope)).toBe(token);

  const [entry, ...others] = mock.journal;
  expect(others).toEqual([]);
  expect(entry?.assertion?.header).toMatchObject({ alg: 'PS256' });
  expect(entry?.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(entry?.checks.map(({ name }) => name).join(' ')).toMatch(/signature/);
});
