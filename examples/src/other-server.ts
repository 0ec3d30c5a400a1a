/** Any other authorization server, found by its issuer; here the mock's, which is none of Entra's kind. RFC 6749 §4.4, RFC 8414, RFC 9449 */
import { readFile } from 'node:fs/promises';
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { certificate, createTokenSource, issuer } from '@client-credentials/token-source';

const mock = await startMockTokenEndpoint({ dpopNonce: true });
const tokens = createTokenSource({
  authority: issuer(mock.issuer), // its metadata say where tokens are, and what it takes
  clientId: mock.clientId,
  credential: certificate({ pem: await readFile(mock.certificateFile), privateKey: await readFile(mock.privateKeyFile) }),
  dpop: true, // tokens are worthless without a key that stays in this process
  ca: mock.ca,
});

const token = await tokens.getToken();
console.log(token.tokenType, 'token, bound to the key', token.binding?.thumbprint);
for (const { method, path, status, assertion } of mock.journal) {
  console.log(method, path, status, assertion === undefined ? '' : JSON.stringify(assertion.header));
}
await tokens.close();
await mock.close();
