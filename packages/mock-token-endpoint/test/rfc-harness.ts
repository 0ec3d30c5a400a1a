/** What the tests of the RFC face share: its endpoints, assertions for it, DPoP proofs, and connections with a client certificate. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { Agent } from 'undici';
import { type Fields, type Harness, NOW_SECONDS, startHarness } from './harness.ts';

type MockOptions = Parameters<typeof startHarness>[0];
type Reply = Awaited<ReturnType<Harness['send']>>;

export interface RfcHarness extends Harness {
  /** Posts a form to the token endpoint, or to another one; `undefined` leaves a field out, an array repeats it. */
  ask(fields: Record<string, string | readonly string[] | undefined>, options?: AskOptions): Promise<Reply>;
  /** A good assertion for this face, but for what is given. */
  rfcAssertion(changes?: { header?: object; claims?: object }): Promise<string>;
  /** The endpoints of the listener that asks for client certificates. */
  readonly mtlsOrigin: string;
  /** A dispatcher that shows this certificate. */
  connectWith(pair: KeyedCertificate): Agent;
}

interface AskOptions {
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly dispatcher?: Agent;
}

/** PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

export async function startRfcHarness(options: MockOptions = {}): Promise<RfcHarness> {
  // With a seed no keys have to be made, which is most of what starting a mock takes.
  const harness = await startHarness({ seed: 'rfc tests', ...options });
  const { mock, send } = harness;
  const agents: Agent[] = [];
  const metadata = await send(`${mock.issuer}/.well-known/openid-configuration`);
  return {
    ...harness,
    mtlsOrigin: new URL(metadata.json.mtls_endpoint_aliases.token_endpoint).origin,
    ask: (fields, { url = `${mock.issuer}/token`, headers = {}, dispatcher } = {}) =>
      send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(
          Object.entries(fields).flatMap(([name, value]) => [value ?? []].flat().map((each) => [name, each] as [string, string])),
        ).toString(),
        ...(dispatcher ? { dispatcher } : {}),
      }),
    rfcAssertion: ({ header, claims } = {}) =>
      harness.assertion({ header: { typ: 'client-authentication+jwt', ...header }, claims: { aud: mock.issuer, ...claims } }),
    connectWith: ({ certificate, privateKey }) => {
      const agent = new Agent({ connect: { ca: mock.ca, cert: certificate, key: privateKey } });
      agents.push(agent);
      return agent;
    },
    close: async () => {
      await Promise.all(agents.map((agent) => agent.close()));
      await harness.close();
    },
  };
}

export function basic(id: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

/** The certificate and key that the mock wrote for its own client. */
export function ownCertificate({ mock }: Harness): KeyedCertificate {
  return { certificate: readFileSync(mock.certificateFile, 'utf8'), privateKey: readFileSync(mock.privateKeyFile, 'utf8') };
}

export interface Prover {
  readonly jkt: string;
  readonly publicJwk: Record<string, unknown>;
  /** A good proof of a POST to `htu`, but for what is given; `token` adds its digest, and a member that is `undefined` is left out. */
  proof(htu: string, changes?: { header?: object; claims?: object; token?: string }): Promise<string>;
}

/** Somebody with a key of his own. The thumbprint is computed by hand. */
export async function createProver(): Promise<Prover> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const { kty, crv, x, y } = await exportJWK(publicKey);
  let serial = 0;
  return {
    jkt: createHash('sha256').update(`{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`).digest('base64url'),
    publicJwk: { kty, crv, x, y },
    proof: (htu, { header, claims, token } = {}) => {
      serial += 1;
      const ath = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url');
      const payload = { jti: `proof ${serial}`, htm: 'POST', htu, iat: NOW_SECONDS, ath, ...claims };
      const protectedHeader = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y }, ...header };
      return new SignJWT(withoutUndefined(payload) as JWTPayload).setProtectedHeader(withoutUndefined(protectedHeader)).sign(privateKey);
    },
  };
}

/** The fields of a good request without any client authentication. */
export const GRANT: Fields = { grant_type: 'client_credentials' };

function withoutUndefined(value: object): { alg: string } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as { alg: string };
}
