/** What a daemon lives through when its servers fail: the mock is told to misbehave, and its journal tells what came and what it answered. */
import { createApiCaller } from '@client-credentials/api-caller';
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { createTokenSource, entra, secret } from '@client-credentials/token-source';
import { Agent } from 'undici';

const mock = await startMockTokenEndpoint();
const dispatcher = new Agent({ connect: { ca: mock.ca } });
const tokens = createTokenSource({
  authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }),
  clientId: mock.clientId,
  credential: secret(mock.clientSecret),
  dispatcher,
});
const api = createApiCaller({ baseUrl: mock.apiBaseUrl, scope: mock.scope, tokens, dispatcher });

mock.enqueue({ fault: 'reset-before-headers' }); // the next token request
mock.enqueue({ fault: 'html-502' }); // the one after it
mock.addRule({ match: { path: /users/ }, times: 1, answer: { status: 429, headers: { 'Retry-After': '1' } } });
const { value } = await api.getJson<{ value: { displayName: string }[] }>('users?$top=3');
console.log(value.map(({ displayName }) => displayName).join(', '));

mock.enqueue({ aadsts: 7000222 }); // "the secret has expired"
await tokens.getToken(mock.scope, { forceRefresh: true }).catch((error: Error) => console.log(error.message.split('\r\n', 1)[0]));

for (const { method, path, status, scripted } of mock.journal) {
  console.log(method, path.replace(mock.tenantId, 'TENANT'), status, scripted ? JSON.stringify(scripted) : '');
}
await api.close();
await tokens.close();
await dispatcher.close();
await mock.close();
