/**
 * What people outside rely on, as types: it compiles against the declarations that are published, with
 * `exactOptionalPropertyTypes` on and off. Outputs must fit the shapes written here; inputs accept an explicit `undefined`.
 */
import type { JsonWebKey } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  type ApiCaller,
  type ApiCallerError,
  type ApiResponseError,
  createApiCaller,
  type TokenLike,
  type TokenProvider,
} from '@client-credentials/api-caller';
import { type JournalEntry, type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import {
  type AuthenticationContext,
  type AuthorizationServer,
  buildClientAssertion,
  buildDpopProof,
  buildTokenRequest,
  type ClientAuthentication,
  type ClientCertificate,
  clientAssertion,
  clientSecretBasic,
  clientSecretJwt,
  clientSecretPost,
  type decodeToken,
  entraServer,
  explainError,
  jwkThumbprint,
  type ProtocolError,
  parseChallenges,
  parseRetryAfter,
  privateKeyJwt,
  readCertificate,
  readMetadata,
  readTokenResponse,
  type Signer,
  selfSignedTlsClientAuth,
  type TokenBinding,
  type TokenResponseError,
  tlsClientAuth,
} from '@client-credentials/protocol';
import { readPkcs12 } from '@client-credentials/protocol/pkcs12';
import { createTokenCache, freshnessAt, type Store, type TokenCache } from '@client-credentials/token-cache';
import { encrypted } from '@client-credentials/token-cache/encrypted';
import { fileStore } from '@client-credentials/token-cache/file';
import { layered } from '@client-credentials/token-cache/layered';
import { redisStore } from '@client-credentials/token-cache/redis';
import {
  type AccessToken,
  certificate,
  createTokenSource,
  entra,
  fromEnvironment,
  issuer,
  requestToken,
  secret,
  type TokenSource,
  type TokenSourceError,
} from '@client-credentials/token-source';
import type { Dispatcher } from 'undici';

/** Compiles only if the first type can be used where the second one is wanted. */
declare function fits<_Given extends Wanted, Wanted>(): void;

// protocol

fits<
  AuthorizationServer,
  {
    readonly profile: 'entra' | 'rfc';
    readonly issuer: string;
    readonly tokenEndpoint: string;
    readonly mtlsTokenEndpoint?: string;
    readonly tenant?: string;
    readonly clientAuthenticationMethods?: readonly string[];
    readonly allowHttpLoopback?: boolean;
  }
>();
fits<{ profile: 'rfc'; issuer: string; tokenEndpoint: string }, AuthorizationServer>();
const server: AuthorizationServer = entraServer({
  tenant: 't',
  cloud: undefined,
  authorityHost: undefined,
  region: undefined,
  allowHttpLoopback: undefined,
});
fits<ReturnType<typeof readMetadata>, AuthorizationServer>();
readMetadata({ status: 200, headers: new Headers(), body: '' }, { issuer: 'i' });

fits<
  ClientAuthentication['apply'],
  (context: AuthenticationContext) => Promise<{ fields?: Readonly<Record<string, string>>; headers?: Readonly<Record<string, string>> }>
>();
fits<{ server: AuthorizationServer; clientId: string; nowMs: number; uniqueId: () => string }, AuthenticationContext>();
fits<{ algorithm: 'PS256'; sign: (bytes: Uint8Array) => Promise<Uint8Array> }, Signer>();
declare const signer: Signer;

const held: ClientCertificate = readCertificate({ pem: new Uint8Array(), privateKey: undefined, passphrase: undefined, nowMs: 0 });
fits<
  ClientCertificate,
  {
    readonly subject: string;
    readonly notBeforeMs: number;
    readonly notAfterMs: number;
    readonly x5t: string;
    readonly x5tS256: string;
    readonly thumbprintHex: string;
    readonly x5c: readonly string[];
    readonly algorithms: readonly ('RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512' | 'Ed25519')[];
    readonly manifest: { readonly customKeyIdentifier: string; readonly key: string };
  }
>();

const overrides = {
  algorithm: 'RS256',
  audience: undefined,
  type: undefined,
  keyId: undefined,
  lifetimeSeconds: undefined,
  clockSkewSeconds: 10,
  thumbprint: 'x5t',
  sendChain: true,
  claims: { a: 1 },
} as const;
const _authentications: readonly ClientAuthentication[] = [
  clientSecretPost({ secret: 's' }),
  clientSecretBasic({ secret: 's', encoding: undefined }),
  clientSecretJwt({ secret: 's', lifetimeSeconds: undefined, type: undefined, clockSkewSeconds: 1, audience: 'a' }),
  clientAssertion({ assertion: 'a.b.c' }),
  tlsClientAuth(),
  selfSignedTlsClientAuth(),
  privateKeyJwt({ certificate: held, ...overrides }),
  privateKeyJwt({ signer, keyId: 'k' }),
  privateKeyJwt({ signer, certificate: held, keyId: undefined }),
];
const _assertion: Promise<string> = buildClientAssertion({
  server,
  clientId: 'c',
  nowMs: 0,
  uniqueId: undefined,
  certificate: held,
  ...overrides,
});

const request = buildTokenRequest({
  server,
  clientId: 'c',
  authentication: clientSecretPost({ secret: 's' }),
  nowMs: 0,
  uniqueId: undefined,
  correlationId: undefined,
  scope: ['a'],
  resource: undefined,
  audience: undefined,
  claims: undefined,
  capabilities: undefined,
  authorizationDetails: [{ type: 't' }],
  tokenType: undefined,
  dpopProof: undefined,
  extra: undefined,
});
fits<
  Awaited<typeof request>,
  { readonly url: string; readonly method: 'POST'; readonly headers: Readonly<Record<string, string>>; readonly body: string }
>();

const token = readTokenResponse(
  { status: 200, headers: { date: undefined, vary: ['a', 'b'] }, body: new Uint8Array() },
  { server, clientId: undefined, scope: 'a', requestedAtMs: 0 },
);
fits<
  typeof token,
  {
    readonly value: string;
    readonly tokenType: 'Bearer' | 'DPoP' | 'mtls_pop';
    readonly expiresAtMs: number;
    readonly refreshAtMs?: number;
    readonly receivedAtMs: number;
    readonly scopes: readonly string[];
    readonly narrowed: boolean;
    readonly binding?: TokenBinding;
  }
>();
fits<
  TokenBinding,
  {
    readonly thumbprint: string;
    proof?(request: { method: string; url: string; nonce?: string }): Promise<string>;
    readonly tls?: { readonly cert: string; readonly key: unknown };
  }
>();
fits<
  ReturnType<typeof parseChallenges>,
  readonly {
    readonly scheme: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly token68?: string;
    readonly malformed: boolean;
  }[]
>();
parseChallenges('Bearer');
parseChallenges(['Bearer'] as readonly string[]);
const jwk: JsonWebKey = { kty: 'EC' };
const _proof: Promise<string> = buildDpopProof({
  signer,
  publicKey: jwk,
  method: 'POST',
  url: 'u',
  nowMs: 0,
  nonce: undefined,
  accessToken: undefined,
  uniqueId: undefined,
});
const _thumbprint: string = jwkThumbprint(jwk);
const _pfx: Promise<ClientCertificate> = readPkcs12(new Uint8Array(), { passphrase: '', nowMs: 0, maxIterations: undefined });
explainError(7000215);
fits<ReturnType<typeof explainError>, Explanation | undefined>();
interface Explanation {
  readonly code: string;
  readonly meaning: string;
  readonly permanent: boolean;
  readonly fixedBy: 'developer' | 'administrator' | 'operator' | 'nobody';
  readonly fix: string;
  readonly url: string;
}
fits<
  ReturnType<typeof decodeToken>,
  { readonly header: Readonly<Record<string, unknown>>; readonly claims: Readonly<Record<string, unknown>> }
>();
fits<ReturnType<typeof parseRetryAfter>, number | undefined>();
parseRetryAfter('1', { nowMs: 0, date: undefined });

fits<ProtocolError, Error & { readonly transient: boolean }>();
fits<'invalid_tenant' | 'wrong_passphrase' | 'weak_key' | 'issuer_mismatch' | 'oauth_error', ProtocolError['code']>();
fits<
  TokenResponseError,
  ProtocolError & {
    readonly status: number;
    readonly error?: string;
    readonly description?: string;
    readonly errorCodes: readonly number[];
    readonly suberror?: string;
    readonly claims?: string;
    readonly explanation?: Explanation;
    readonly requestId?: string;
    readonly correlationId?: string;
    readonly retryAfterMs?: number;
  }
>();

// token-cache

interface Entry {
  readonly expiresAtMs: number;
}
const cache: TokenCache<Entry> = createTokenCache<Entry>({
  maxEntries: undefined,
  policy: { marginMs: undefined, refreshBeforeMs: undefined, jitter: undefined },
  flightTimeoutMs: undefined,
  isPermanent: undefined,
  maxBytes: undefined,
  refusalMs: undefined,
  store: undefined,
  codec: undefined,
  now: undefined,
  random: undefined,
  sleep: undefined,
});
fits<ReturnType<typeof cache.peek>, Entry | undefined>();
fits<
  ReturnType<typeof cache.inspect>,
  | {
      readonly freshness: 'fresh' | 'due' | 'expired';
      readonly refreshing: boolean;
      readonly dueAtMs: number;
      readonly expiresAtMs: number;
    }
  | undefined
>();
const _got: Promise<Entry> = cache.get('k', {
  acquire: async (_signal: AbortSignal) => ({ expiresAtMs: 0 }),
  signal: undefined,
  deadlineAtMs: undefined,
  rejected: undefined,
  forceRefresh: undefined,
  refusalKey: undefined,
  tags: undefined,
});
fits<
  [ReturnType<typeof cache.delete>, ReturnType<typeof cache.deleteTag>, ReturnType<typeof cache.clear>, ReturnType<typeof cache.close>],
  [Promise<boolean>, Promise<number>, Promise<void>, Promise<void>]
>();
fits<typeof cache, { readonly size: number; [Symbol.asyncDispose](): Promise<void> }>();
fits<ReturnType<typeof freshnessAt>, 'fresh' | 'due' | 'expired'>();
freshnessAt(0, { expiresAtMs: 0, refreshAtMs: 0, receivedAtMs: 0 }, {});
cache.get('k', { acquire: async () => token as Entry }).catch(() => {});

/** What people have written themselves. */
interface OwnStore {
  read(name: string, context: { readonly key: string; readonly signal?: AbortSignal }): Promise<Uint8Array | undefined>;
  write(
    name: string,
    entry: { readonly key: string; readonly signal?: AbortSignal; readonly bytes: Uint8Array; readonly expiresAtMs: number },
  ): Promise<void>;
  delete(name: string): Promise<void>;
  lease?(name: string, ttlMs: number): Promise<{ renew(): Promise<boolean>; release(): Promise<void> } | undefined>;
  close?(): Promise<void>;
}
declare const ownStore: OwnStore;
const _shared: TokenCache<Entry> = createTokenCache<Entry>({
  store: ownStore,
  codec: { encode: (_value: Entry) => new Uint8Array(), decode: (_bytes: Uint8Array) => ({ expiresAtMs: 0 }) },
  sleep: async (_ms: number, _signal?: AbortSignal) => {},
});
fits<Store, Pick<Required<OwnStore>, 'delete'>>();
const _stores: readonly Store[] = [
  fileStore({ directory: '/d' }),
  redisStore({ client: {}, keyPrefix: undefined, timeoutMs: undefined }),
  layered({ near: ownStore, far: ownStore, retryAfterMs: undefined }),
  encrypted(ownStore, [{ id: 'k', key: new Uint8Array(32) }]),
];

// token-source

fits<ReturnType<typeof entra> | ReturnType<typeof issuer>, { readonly kind: 'entra' | 'issuer' }>();
fits<ReturnType<typeof secret> | ReturnType<typeof certificate>, { readonly kind: string }>();
entra({ tenant: 't', cloud: 'usgov', authorityHost: undefined, trustAuthorityHost: undefined, allowHttpLoopback: undefined });
issuer('https://as.example', { tokenEndpoint: undefined, discovery: undefined, allowHttpLoopback: undefined });
secret(async () => 's', { method: 'client_secret_post', encoding: 'raw' });
certificate({ pem: 'p', privateKey: undefined, passphrase: () => 'p' }, overrides);
certificate(() => ({ pem: new Uint8Array() }));
const source: TokenSource = createTokenSource({
  authority: entra({ tenant: 't' }),
  clientId: 'c',
  credential: secret('s'),
  parameters: { resource: ['a'], audience: undefined, extra: undefined },
  cache: { maxEntries: undefined },
  attemptTimeoutMs: undefined,
  deadlineMs: undefined,
  maxAttempts: undefined,
  now: undefined,
  uniqueId: undefined,
  random: undefined,
  sleep: async (_ms: number, _signal?: AbortSignal) => {},
  dispatcher: undefined,
  fetch,
  ca: ['pem'],
});
fits<
  typeof source.getToken,
  (
    scope?: string | readonly string[],
    options?: { signal?: AbortSignal; deadlineAtMs?: number; rejectedToken?: AccessToken; forceRefresh?: boolean },
  ) => Promise<AccessToken>
>();
fits<ReturnType<typeof source.inspect>, ReturnType<TokenCache<AccessToken>['inspect']>>();
fits<typeof source.forget, (filter?: { scope?: string | readonly string[] }) => Promise<void>>();
fits<typeof source, { close(): Promise<void>; [Symbol.asyncDispose](): Promise<void> }>();
source.getToken('s', { signal: undefined, deadlineAtMs: undefined, rejectedToken: undefined, forceRefresh: undefined }).catch(() => {});
const _once: Promise<AccessToken> = requestToken({
  ...fromEnvironment({ environment: undefined, trustedAuthorityHosts: undefined }),
  scope: 's',
  signal: undefined,
});
fits<typeof createTokenSource, (options: ReturnType<typeof fromEnvironment>) => TokenSource>();
fits<TokenSourceError, Error & { readonly transient: boolean; readonly retryAtMs?: number; readonly attempts: number }>();
fits<'invalid_configuration' | 'untrusted_authority' | 'network' | 'timeout' | 'throttled' | 'closed', TokenSourceError['code']>();

// api-caller

fits<TokenSource, TokenProvider>();
/** An Azure SDK `TokenCredential`, by its shape. */
interface AzureCredential {
  getToken(
    scopes: string | string[],
    options?: { abortSignal?: AbortSignal; claims?: string; tenantId?: string },
  ): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}
fits<AzureCredential, TokenProvider>();
fits<(scope: string, options: { signal?: AbortSignal; rejectedToken?: unknown }) => Promise<string>, TokenProvider>();
fits<AccessToken, TokenLike>();
const caller: ApiCaller = createApiCaller({
  baseUrl: 'https://api.example/',
  scope: 's',
  tokens: source,
  origins: undefined,
  allowHttpLoopback: undefined,
  headers: undefined,
  maxAttempts: undefined,
  attemptTimeoutMs: undefined,
  deadlineMs: undefined,
  maxResponseBytes: undefined,
  dispatcher: undefined,
  ca: undefined,
  now: undefined,
  random: undefined,
  sleep: undefined,
});
const options = {
  method: 'PUT',
  query: { a: 1, b: true, c: 'x' },
  headers: undefined,
  body: () => [] as unknown as Readable,
  signal: undefined,
  deadlineMs: undefined,
};
fits<ReturnType<typeof caller.request>, Promise<Dispatcher.ResponseData>>();
caller.request('a', options).catch(() => {});
const _json: Promise<{ a: number }> = caller.getJson<{ a: number }>('a', { query: undefined });
async function _read(): Promise<void> {
  for await (const page of caller.pages<{ id: string }>('a', {
    maxPageSize: undefined,
    onProgress: ({ pages, items }: { pages: number; items: number }) => [pages, items],
  })) {
    fits<typeof page, { readonly items: readonly { id: string }[]; readonly body: unknown }>();
  }
  for await (const { id } of caller.items<{ id: string }>('a')) id.trim();
}
fits<typeof caller, { close(): Promise<void>; [Symbol.asyncDispose](): Promise<void> }>();
fits<ApiCallerError, Error & { readonly transient: boolean }>();
fits<
  ApiResponseError,
  ApiCallerError & {
    readonly status: number;
    readonly method: string;
    readonly path: string;
    readonly requestId?: string;
    readonly apiCode?: string;
    readonly apiMessage?: string;
    readonly retryAtMs?: number;
  }
>();

// mock-token-endpoint

const mock: Promise<MockTokenEndpoint> = startMockTokenEndpoint({
  port: undefined,
  tls: undefined,
  profile: undefined,
  seed: undefined,
  directory: undefined,
  tenants: { t: { clients: { c: { secrets: ['s'], certificates: ['pem'], roles: ['r'], disabled: false } } } },
  resources: { r: { roles: ['a'] } },
  tokenLifetimeSeconds: undefined,
  now: undefined,
  journalEntries: undefined,
});
fits<
  MockTokenEndpoint,
  {
    readonly authorityHost: string;
    readonly issuer: string;
    readonly tokenEndpoint: string;
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly certificateFile: string;
    readonly privateKeyFile: string;
    readonly pfxFile: string;
    readonly pfxPassword: string;
    readonly caFile: string;
    readonly apiBaseUrl: string;
    readonly scope: string;
    readonly platformUrl: string;
    readonly inspectorUrl: string;
    readonly controlUrl: string;
    readonly controlToken: string;
    readonly ca: string;
    readonly journal: readonly JournalEntry[];
    advanceClock(ms: number): void;
    reset(): void;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
  }
>();
fits<
  JournalEntry,
  {
    readonly id: number;
    readonly atMs: number;
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly form?: Readonly<Record<string, string>>;
    readonly assertion?: { readonly header: object; readonly claims: object };
    readonly checks: readonly { readonly name: string; readonly passed: boolean; readonly section: string }[];
    readonly status: number;
    readonly error?: string;
  }
>();
async function _script(): Promise<void> {
  const handle = await mock;
  const remove: () => void = handle.addRule({
    match: { path: /users/, method: 'GET', tenant: 't', clientId: 'c' },
    times: 1,
    answer: { status: 429, headers: { 'retry-after': '1' }, body: {}, delayMs: 1 },
  });
  handle.enqueue({ aadsts: 700027 });
  handle.enqueue({ redirect: 307, to: 'https://elsewhere.example' });
  handle.enqueue({ token: { expires_in: null, refresh_in: 1, token_type: 'x', scope: 'x', tid: 't', appid: 'a', aud: 'u' } });
  handle.enqueue({ dateSkewSeconds: 60 });
  handle.enqueue({ fault: 'no-answer', delayMs: 1 });
  remove();
}
