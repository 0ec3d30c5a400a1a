/** MSAL with the same tokens in its cache, put there the way its own persistence does: as the JSON it writes. */
import { ConfidentialClientApplication } from '@azure/msal-node';

/** By the number of entries. Its cost grows with them, so with more entries there are fewer calls, and none beyond these. */
export const MSAL_CALLS_PER_ROUND = { 1: 300, 100: 200, 1000: 30, 10000: 5 };

const TENANT = '11111111-2222-4333-8444-555555555555';
const CLIENT_ID = '6731de76-14a6-49ae-97bc-6eba6914391e';

/** What gets the token of a scope, and rejects if it is not from the cache. */
export function createMsal({ keys, values }) {
  const application = new ConfidentialClientApplication({
    auth: { clientId: CLIENT_ID, authority: `https://login.microsoftonline.com/${TENANT}`, clientSecret: 'not sent: every token is kept' },
  });
  const tokens = Object.fromEntries(keys.map((target, index) => tokenEntry(target, values[index])));
  const blob = { Account: {}, IdToken: {}, AccessToken: tokens, RefreshToken: {}, AppMetadata: {} };
  application.getTokenCache().deserialize(JSON.stringify(blob));
  return async (scope) => {
    const { fromCache, accessToken } = await application.acquireTokenByClientCredential({ scopes: [scope] });
    if (!fromCache) throw new Error('MSAL did not find a token that it keeps');
    return accessToken;
  };
}

function tokenEntry(target, { value, receivedAtMs, expiresAtMs }) {
  const expiresOn = String(Math.floor(expiresAtMs / 1000));
  const entry = {
    home_account_id: '',
    environment: 'login.windows.net',
    credential_type: 'AccessToken',
    client_id: CLIENT_ID,
    secret: value,
    realm: TENANT,
    target,
    cached_at: String(Math.floor(receivedAtMs / 1000)),
    expires_on: expiresOn,
    extended_expires_on: expiresOn,
    token_type: 'Bearer',
  };
  return [`-login.windows.net-accesstoken-${CLIENT_ID}-${TENANT}-${target}-`, entry];
}
