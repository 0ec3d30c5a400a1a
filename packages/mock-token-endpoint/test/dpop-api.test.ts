/** Tokens that are bound to a key, at the API: the scheme, the proof, and the challenge when either is wrong. RFC 9449 §7 and §9. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createProver, type Prover, type RfcHarness, startRfcHarness } from './rfc-harness.ts';

const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519';

let harness: RfcHarness;
let demanding: RfcHarness;
let prover: Prover;
let token: string;
let users: string;
beforeAll(async () => {
  [harness, demanding, prover] = await Promise.all([startRfcHarness(), startRfcHarness({ dpopNonce: true }), createProver()]);
  token = await boundToken(harness);
  users = `${harness.mock.apiBaseUrl}users`;
});
afterEach(() => harness.mock.reset());
afterAll(() => Promise.all([harness.close(), demanding.close()]));

async function boundToken(on: RfcHarness, nonce?: string): Promise<string> {
  const dpop = await prover.proof(`${on.mock.issuer}/token`, { claims: { nonce } });
  return (await on.ask(on.secretFields(), { headers: { dpop } })).json.access_token;
}
const get = { htm: 'GET' };
const call = (headers: Record<string, string>, path = 'users?$top=1') => harness.callApi(path, { headers });
const challenges = (bearer: string, dpop: string) =>
  `Bearer realm="", authorization_uri="${harness.mock.authorityHost}/common/oauth2/authorize"${bearer}, DPoP algs="${ALGORITHMS}"${dpop}, mtls_pop realm=""`;

test('DP-10: a token with the scheme DPoP and a proof for each request opens the API, whatever the query', async () => {
  for (const path of ['users?$top=1', 'users?$select=mail']) {
    const dpop = await prover.proof(users, { claims: get, token });
    expect((await call({ authorization: `DPoP ${token}`, dpop }, path)).status).toBe(200);
  }
});

test('DP-10: a proof used before is refused', async () => {
  const headers = { authorization: `dpop ${token}`, dpop: await prover.proof(users, { claims: get, token }) };
  expect((await call(headers)).status).toBe(200);
  const reply = await call(headers);
  expect([reply.status, reply.headers['www-authenticate']]).toEqual([
    401,
    challenges('', ', error="invalid_dpop_proof", error_description="The jti of the DPoP proof has been used before."'),
  ]);
});

describe('refusals', () => {
  const bad: { title: string; dpop: () => Promise<string | undefined>; says: string }[] = [
    { title: 'no proof', dpop: async () => undefined, says: 'The request needs one DPoP header.' },
    {
      title: 'DP-05: no ath',
      dpop: () => prover.proof(users, { claims: get }),
      says: 'The ath of the DPoP proof is not the digest of the access token.',
    },
    {
      title: 'DP-05: the ath of another token',
      dpop: () => prover.proof(users, { claims: get, token: 'another' }),
      says: 'The ath of the DPoP proof is not the digest of the access token.',
    },
    {
      title: 'DP-13: the proof of another key',
      dpop: async () => (await createProver()).proof(users, { claims: get, token }),
      says: 'The access token is bound to another key.',
    },
    {
      title: 'a proof for the token endpoint',
      dpop: () => prover.proof(`${harness.mock.issuer}/token`, { claims: get, token }),
      says: 'The htu of the DPoP proof is not the URI of the request without query and fragment.',
    },
  ];
  test.each(bad)('$title is 401 invalid_dpop_proof', async ({ dpop, says }) => {
    const proof = await dpop();
    const reply = await call({ authorization: `DPoP ${token}`, ...(proof === undefined ? {} : { dpop: proof }) });
    expect([reply.status, reply.json.error.message, reply.headers['www-authenticate']]).toEqual([
      401,
      says,
      challenges('', `, error="invalid_dpop_proof", error_description="${says}"`),
    ]);
  });

  test('a bound token is no bearer token, RFC 9449 §7.2', async () => {
    const dpop = await prover.proof(users, { claims: get, token });
    const reply = await call({ authorization: `Bearer ${token}`, dpop });
    expect([reply.status, reply.headers['www-authenticate']]).toEqual([
      401,
      challenges(', error="invalid_token", error_description="The access token is bound to a DPoP key."', ''),
    ]);
  });

  test('a bearer token is no bound token', async () => {
    const bearer = await harness.accessToken();
    const dpop = await prover.proof(users, { claims: get, token: bearer });
    const reply = await call({ authorization: `DPoP ${bearer}`, dpop });
    expect([reply.status, reply.headers['www-authenticate']]).toEqual([
      401,
      challenges('', ', error="invalid_token", error_description="The access token is not bound to a DPoP key."'),
    ]);
  });
});

test('DP-08: with nonces demanded a proof without one is 401 use_dpop_nonce, and every answer has the next', async () => {
  const first = (await demanding.callApi('users')).headers['dpop-nonce'];
  const bound = await boundToken(demanding, String(first));
  const uri = `${demanding.mock.apiBaseUrl}users`;
  const send = async (nonce?: unknown) => {
    const dpop = await prover.proof(uri, { claims: { ...get, nonce }, token: bound });
    return demanding.callApi('users', { headers: { authorization: `DPoP ${bound}`, dpop } });
  };
  const refused = await send();
  expect(refused.status).toBe(401);
  expect(refused.headers['www-authenticate']).toContain(`DPoP algs="${ALGORITHMS}", error="use_dpop_nonce"`);
  const reply = await send(refused.headers['dpop-nonce']);
  expect([reply.status, reply.headers['dpop-nonce']]).toEqual([200, refused.headers['dpop-nonce']]);
});
