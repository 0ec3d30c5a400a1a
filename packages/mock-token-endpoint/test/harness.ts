/** What the tests share: a mock with a fixed clock, a plain HTTP client that trusts it, and assertions signed by hand with jose. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { Agent, type Dispatcher, request } from 'undici';
import { type MockOptions, type MockTokenEndpoint, startMockTokenEndpoint } from '../src/index.ts';

/** Far from the real time, so that nothing in the tests can depend on that. */
export const NOW_MS = Date.UTC(2031, 4, 6, 7, 8, 9);
export const NOW_SECONDS = NOW_MS / 1000;
export const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at member by member
  readonly json: any;
}

export type Fields = Record<string, string | undefined>;

export interface Harness {
  readonly mock: MockTokenEndpoint;
  send(
    url: string,
    options?: Omit<Dispatcher.RequestOptions, 'path' | 'method'> & { method?: string; dispatcher?: Dispatcher },
  ): Promise<Reply>;
  /** Posts a form; a field that is `undefined` is left out. */
  post(fields: Fields, options?: { url?: string; headers?: Record<string, string> }): Promise<Reply>;
  /** The fields of a good request with the mock's own secret. */
  secretFields(): Fields;
  /** The fields of a good request with an assertion. */
  assertionFields(assertion: string): Fields;
  /** A good assertion, but for what is given; a member that is `undefined` is left out. */
  assertion(changes?: { header?: object; claims?: object }): Promise<string>;
  /** An access token of the mock's own client for the API. */
  accessToken(): Promise<string>;
  /** Calls the API, with a token when one is given, and a body as JSON. */
  callApi(path: string, options?: { token?: string; headers?: Record<string, string>; method?: string; body?: object }): Promise<Reply>;
  close(): Promise<void>;
}

export async function startHarness(options: MockOptions = {}): Promise<Harness> {
  const mock = await startMockTokenEndpoint({ now: () => NOW_MS, seed: 'tests', ...options });
  const dispatcher = new Agent({ connect: { ca: mock.ca } });
  const certificate = new X509Certificate(readFileSync(mock.certificateFile));
  const privateKey = createPrivateKey(readFileSync(mock.privateKeyFile));
  let serial = 0;

  const send: Harness['send'] = async (url, { method = 'GET', ...rest } = {}) => {
    const reply = await request(url, { dispatcher, method: method as Dispatcher.HttpMethod, ...rest });
    const text = await reply.body.text();
    const isJson = String(reply.headers['content-type']).startsWith('application/json');
    return { status: reply.statusCode, headers: reply.headers, text, json: isJson && text !== '' ? JSON.parse(text) : undefined };
  };
  const post: Harness['post'] = (fields, { url = mock.tokenEndpoint, headers = {} } = {}) =>
    send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(withoutUndefined(fields)).toString(),
    });
  const secretFields = () => ({
    grant_type: 'client_credentials',
    client_id: mock.clientId,
    client_secret: mock.clientSecret,
    scope: mock.scope,
  });

  return {
    mock,
    send,
    post,
    secretFields,
    assertionFields: (assertion) => ({
      ...secretFields(),
      client_secret: undefined,
      client_assertion_type: JWT_BEARER,
      client_assertion: assertion,
    }),
    assertion: ({ header, claims } = {}) => {
      serial += 1;
      const payload = {
        aud: mock.tokenEndpoint,
        iss: mock.clientId,
        sub: mock.clientId,
        jti: `assertion ${serial}`,
        iat: NOW_SECONDS,
        nbf: NOW_SECONDS,
        exp: NOW_SECONDS + 300,
        ...claims,
      };
      const protectedHeader = { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint(certificate, 'sha256'), ...header };
      return new SignJWT(withoutUndefined(payload) as JWTPayload)
        .setProtectedHeader(withoutUndefined(protectedHeader) as unknown as JWTHeaderParameters)
        .sign(privateKey);
    },
    accessToken: async () => (await post(secretFields())).json.access_token,
    callApi: (path, { token, headers = {}, method = 'GET', body } = {}) =>
      send(`${mock.apiBaseUrl}${path}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    close: async () => {
      await dispatcher.close();
      await mock.close();
    },
  };
}

/** base64url digest of the certificate's DER: computed from the DER itself, where the mock takes it from the fingerprint. */
export function thumbprint(certificate: X509Certificate, algorithm: 'sha1' | 'sha256'): string {
  return createHash(algorithm).update(certificate.raw).digest('base64url');
}

function withoutUndefined<T extends object>(value: T): Record<string, string> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
