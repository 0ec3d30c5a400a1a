/** Ways to get new tokens from one endpoint: ours, those of others, and bare requests to compare with. A library is loaded when it is used. */
import { readFileSync } from 'node:fs';
import { importIdentity, importOauth4webapi } from './peers.mjs';

export const TENANT = '11111111-2222-4333-8444-555555555555';
export const CLIENT_ID = '6731de76-14a6-49ae-97bc-6eba6914391e';
export const TOKEN_PATH = `/${TENANT}/oauth2/v2.0/token`;

const SCOPE = 'https://graph.microsoft.com/.default';
const SECRET = 'Zk8Q~a-secret-as-long-as-Entra-makes-them-0';

/** By name: given the endpoint's origin, a function that gets one token which it did not have. */
export const CLIENTS = {
  bareRequest: (origin) => bareRequest(origin),
  bareRequestAndSignature,
  oursSecret: (origin) => ours(origin, ({ secret }) => secret(SECRET)),
  oursCertificate: (origin) => ours(origin, ({ certificate }) => certificate({ pem: certificatePem() + keyPem() })),
  msalSecret: (origin) => msal(origin, async () => ({ clientSecret: SECRET })),
  msalCertificate: (origin) => msal(origin, msalCertificate),
  oauth4webapiSecret,
  identitySecret: (origin) =>
    identity(origin, ({ ClientSecretCredential }, options) => new ClientSecretCredential(TENANT, CLIENT_ID, SECRET, options)),
  identityCertificate: (origin) =>
    identity(
      origin,
      ({ ClientCertificateCredential }, options) =>
        new ClientCertificateCredential(TENANT, CLIENT_ID, { certificate: certificatePem() + keyPem() }, options),
    ),
};

/** The request with a secret as plain data, sent as it is. */
async function bareRequest(origin) {
  const { request } = await import('undici');
  const url = origin + TOKEN_PATH;
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  const form = { grant_type: 'client_credentials', client_id: CLIENT_ID, client_secret: SECRET, scope: SCOPE };
  const body = new URLSearchParams(form).toString();
  return async () => {
    const answer = await request(url, { method: 'POST', headers, body });
    return (await answer.body.json()).access_token;
  };
}

/** The same, and the signature of an assertion that is not sent. */
async function bareRequestAndSignature(origin) {
  const { constants, createPrivateKey, sign } = await import('node:crypto');
  const { promisify } = await import('node:util');
  const send = await bareRequest(origin);
  const signAsync = promisify(sign);
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const key = { key: createPrivateKey(keyPem()), ...padding };
  const bytes = Buffer.alloc(700, 'a');
  return async () => {
    await signAsync('sha256', bytes, key);
    return send();
  };
}

async function ours(origin, credentialFrom) {
  const library = await import('@client-credentials/token-source');
  const source = library.createTokenSource({
    authority: library.entra({ tenant: TENANT, authorityHost: origin }),
    clientId: CLIENT_ID,
    credential: credentialFrom(library),
  });
  let asked = 0;
  return async () => {
    // Another API each time, so that nothing that is kept will do.
    asked += 1;
    return (await source.getToken(`https://api-${asked}.example/.default`)).value;
  };
}

async function msal(origin, credentialFrom) {
  const { ConfidentialClientApplication } = await import('@azure/msal-node');
  const authority = { authority: `${origin}/${TENANT}`, knownAuthorities: [new URL(origin).host] };
  const application = new ConfidentialClientApplication({ auth: { clientId: CLIENT_ID, ...authority, ...(await credentialFrom()) } });
  return async () => (await application.acquireTokenByClientCredential({ scopes: [SCOPE], skipCache: true })).accessToken;
}

async function msalCertificate() {
  const { X509Certificate } = await import('node:crypto');
  const thumbprintSha256 = new X509Certificate(certificatePem()).fingerprint256.replaceAll(':', '');
  return { clientCertificate: { thumbprintSha256, privateKey: keyPem() } };
}

async function oauth4webapiSecret(origin) {
  const { ClientSecretPost, clientCredentialsGrantRequest, processClientCredentialsResponse } = await importOauth4webapi();
  const [server, client] = [{ issuer: origin, token_endpoint: origin + TOKEN_PATH }, { client_id: CLIENT_ID }];
  return async () => {
    const answer = await clientCredentialsGrantRequest(server, client, ClientSecretPost(SECRET), { scope: SCOPE });
    return (await processClientCredentialsResponse(server, client, answer)).access_token;
  };
}

async function identity(origin, credentialFrom) {
  const credential = credentialFrom(await importIdentity(), { authorityHost: origin, disableInstanceDiscovery: true });
  return async () => (await credential.getToken(SCOPE)).token;
}

function certificatePem() {
  return fixture('rsa.crt.pem');
}

function keyPem() {
  return fixture('rsa.key.pem');
}

function fixture(name) {
  return readFileSync(new URL(`../../fixtures/certificates/${name}`, import.meta.url), 'utf8');
}
