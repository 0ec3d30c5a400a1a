/** `@azure/msal-node`: asks for a token as often as it is told, and prints what came of each. */
import { ConfidentialClientApplication } from '@azure/msal-node';

const { authorityHost, tenantId, clientId, scope, credential, assertion, times } = JSON.parse(process.argv[2]);
const application = new ConfidentialClientApplication({
  auth: {
    clientId,
    authority: `${authorityHost}/${tenantId}`,
    knownAuthorities: [new URL(authorityHost).host],
    ...(assertion ? { clientAssertion: async () => assertion } : credential),
  },
});

const acquired = [];
for (let count = 0; count < times; count += 1) {
  acquired.push(
    await application.acquireTokenByClientCredential({ scopes: [scope], skipCache: true }).then(
      ({ accessToken: token }) => ({ token }),
      ({ name, errorCode: code, message }) => ({ error: { name, code, message } }),
    ),
  );
}
console.log(JSON.stringify(acquired));
