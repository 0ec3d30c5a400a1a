/** `openid-client`: finds the server, asks for a token, calls the API with it, and prints what came of it. */
import { createPrivateKey, webcrypto } from 'node:crypto';
import * as openid from 'openid-client';
import { Agent, fetch } from 'undici';

const { issuer, algorithm = 'oauth2', clientId, authentication, tls, dpop, apiUrl, revoke, parameters } = JSON.parse(process.argv[2]);

try {
  const configuration = await discover();
  const options = dpop ? { DPoP: openid.getDPoPHandle(configuration, await openid.randomDPoPKeyPair('ES256')) } : undefined;
  const { access_token: token, token_type: type } = await openid.clientCredentialsGrant(configuration, parameters, options);
  const api = await openid.fetchProtectedResource(configuration, token, apiOf(configuration), 'GET', undefined, undefined, options);
  // One that is not read keeps its connection, and with it this process.
  await api.arrayBuffer();
  const acquired = { token, type, apiStatus: api.status };
  if (revoke) Object.assign(acquired, await introspectRevoked(configuration, token));
  console.log(JSON.stringify([acquired]));
} catch ({ name, error, code, message }) {
  console.log(JSON.stringify([{ error: { name, code: error ?? code, message } }]));
}

async function discover() {
  const metadata = { use_mtls_endpoint_aliases: tls !== undefined };
  const configuration = await openid.discovery(new URL(issuer), clientId, metadata, await authenticate(), { algorithm });
  if (tls) {
    const dispatcher = new Agent({ connect: tls });
    configuration[openid.customFetch] = (url, init) => fetch(url, { ...init, dispatcher });
  }
  return configuration;
}

async function authenticate() {
  const { method, secret, privateKey } = authentication;
  switch (method) {
    case 'client_secret_basic':
      return openid.ClientSecretBasic(secret);
    case 'client_secret_post':
      return openid.ClientSecretPost(secret);
    case 'client_secret_jwt':
      return openid.ClientSecretJwt(secret);
    case 'private_key_jwt':
      return openid.PrivateKeyJwt(await importKey(privateKey));
    default:
      return openid.TlsClientAuth();
  }
}

function importKey(pem) {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', der, { name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign']);
}

/** With a client certificate the API is called where the connection shows it. */
function apiOf(configuration) {
  const aliases = configuration.serverMetadata().mtls_endpoint_aliases;
  return tls ? new URL(new URL(apiUrl).pathname, aliases.token_endpoint) : new URL(apiUrl);
}

async function introspectRevoked(configuration, token) {
  const before = await openid.tokenIntrospection(configuration, token);
  await openid.tokenRevocation(configuration, token);
  const after = await openid.tokenIntrospection(configuration, token);
  return { activeBefore: before.active, activeAfter: after.active };
}
