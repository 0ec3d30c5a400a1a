/** What a mock can be started with, and the same with every default filled in. */
import { MockError } from './errors.ts';
import { callable, flag, listOf, objectOf, oneOf, recordOf, text, wholeNumber } from './option-shapes.ts';
import { type MockProfile, PROFILES, type Strictness } from './strictness.ts';

export interface MockOptions {
  /** TCP port on 127.0.0.1; default 0, which takes a free one. */
  readonly port?: number | undefined;
  /** Whether to listen with TLS; default true. Without it every URL is `http:` but those of the listener for client certificates. */
  readonly tls?: boolean | undefined;
  /** How strictly clients are judged; default `entra`. */
  readonly profile?: MockProfile | undefined;
  /**
   * Makes every run the same: ids and secrets follow from it, the keys are public ones that come with this package, and the clock stands
   * still at the start of 2026 unless `now` says otherwise. Only the server's TLS certificate and what `issueCertificate` makes are new all the same. Default none: everything is new and the time is real.
   */
  readonly seed?: string | undefined;
  /** Whether the RFC face and the API demand a nonce in every DPoP proof, RFC 9449 §8; default false. */
  readonly dpopNonce?: boolean | undefined;
  /** Where the folder with the PEM files is made; default the system's temporary directory. */
  readonly directory?: string | undefined;
  /** Tenants that know these clients and no others, by GUID or domain name. Any other tenant knows only the mock's own client. */
  readonly tenants?: Readonly<Record<string, MockTenant>> | undefined;
  /** Resources, by identifier URI, that exist beside the mock's own API and `https://graph.microsoft.com`, and the app roles they declare. */
  readonly resources?: Readonly<Record<string, MockResource>> | undefined;
  /** Lifetime of access tokens in seconds; default 3600. */
  readonly tokenLifetimeSeconds?: number | undefined;
  /** Epoch milliseconds; default `Date.now`. `advanceClock` adds to it. */
  readonly now?: (() => number) | undefined;
  /** How many requests the journal keeps before the oldest go; default 1000. */
  readonly journalEntries?: number | undefined;
}

export interface MockTenant {
  /** Registered applications, by client id. */
  readonly clients: Readonly<Record<string, MockClient>>;
}

export interface MockClient {
  readonly secrets?: readonly string[] | undefined;
  /** Secrets that were good once. */
  readonly expiredSecrets?: readonly string[] | undefined;
  /** PEM certificates whose keys may sign assertions. */
  readonly certificates?: readonly string[] | undefined;
  /** App roles granted to the client; a token carries those its resource declares. Default none. */
  readonly roles?: readonly string[] | undefined;
  /** Default false. */
  readonly disabled?: boolean | undefined;
  /** Whether an administrator has consented; the admin consent endpoint makes it so. Default true. */
  readonly consented?: boolean | undefined;
  /** Whose tokens the client may present in place of an assertion of its own. Entra: workload identity federation. */
  readonly federatedCredentials?: readonly MockFederatedCredential[] | undefined;
}

/** All three must be those of the token, in every character. */
export interface MockFederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

export interface MockResource {
  /** App roles that can be granted for this resource; default none. */
  readonly roles?: readonly string[] | undefined;
}

export interface Settings {
  readonly port: number;
  readonly tls: boolean;
  readonly profile: MockProfile;
  readonly strictness: Strictness;
  readonly seed: string | undefined;
  readonly dpopNonce: boolean;
  readonly directory: string | undefined;
  readonly tenants: Readonly<Record<string, MockTenant>>;
  readonly resources: Readonly<Record<string, MockResource>>;
  readonly tokenLifetimeSeconds: number;
  readonly now: () => number;
  readonly journalEntries: number;
}

/**
 * The options with their defaults.
 *
 * @throws {MockError} `invalid_option` for an unknown member, a value of another type or a number out of its range, at any depth
 */
export function readOptions(options: MockOptions): Settings {
  checkOptions(options, '');
  const { profile = 'entra', seed } = options;
  const now = options.now ?? (seed === undefined ? Date.now : () => SEEDED_NOW_MS);
  if (!Number.isFinite(now())) throw new MockError('invalid_option', `now() returned ${now()}: return epoch milliseconds`);
  return {
    port: options.port ?? 0,
    tls: options.tls ?? true,
    profile,
    strictness: PROFILES[profile],
    seed,
    dpopNonce: options.dpopNonce ?? false,
    directory: options.directory,
    tenants: options.tenants ?? {},
    resources: options.resources ?? {},
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
    now,
    journalEntries: options.journalEntries ?? 1000,
  };
}

const FEDERATED_CREDENTIAL = objectOf({ issuer: text, subject: text, audience: text }, { required: ['issuer', 'subject', 'audience'] });
const CLIENT = objectOf({
  secrets: listOf(text),
  expiredSecrets: listOf(text),
  certificates: listOf(text),
  roles: listOf(text),
  disabled: flag,
  consented: flag,
  federatedCredentials: listOf(FEDERATED_CREDENTIAL),
});
const checkOptions = objectOf({
  port: wholeNumber(0, 65_535),
  tls: flag,
  profile: oneOf(Object.keys(PROFILES)),
  seed: text,
  dpopNonce: flag,
  directory: text,
  tenants: recordOf(objectOf({ clients: recordOf(CLIENT) }, { required: ['clients'] })),
  resources: recordOf(objectOf({ roles: listOf(text) })),
  tokenLifetimeSeconds: wholeNumber(1, 31_536_000),
  now: callable,
  journalEntries: wholeNumber(1, 100_000),
});
const SEEDED_NOW_MS = Date.UTC(2026, 0, 1);
