/** A source whose server is a function of this process, for what has nothing to do with the network. */
import { createTokenSource, entra, secret } from '@client-credentials/token-source';

const TENANT = '11111111-2222-4333-8444-555555555555';

/** How many tokens were asked for, and the source, whose every answer is another token. */
export function createLocalSource(options = {}) {
  const requests = { count: 0 };
  const answer = async () => {
    requests.count += 1;
    return Response.json({ token_type: 'Bearer', expires_in: 86_400, access_token: `token-${requests.count}` });
  };
  const source = createTokenSource({
    authority: entra({ tenant: TENANT }),
    clientId: '6731de76-14a6-49ae-97bc-6eba6914391e',
    credential: secret('not sent anywhere'),
    fetch: answer,
    ...options,
  });
  return { source, requests };
}

/** A GUID for each number: what tenants are named by. */
export function tenantAt(index) {
  return `${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
}
