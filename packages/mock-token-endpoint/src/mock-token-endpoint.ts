/** The handle of a running mock: what a client must know to use it, and how a test steers it. */
import { API_PATH, API_RESOURCE } from './api-resource.ts';
import { CONTROL_PATH } from './control/control.ts';
import type { MockAnswer } from './faults/answer.ts';
import type { ClientMatch, MockRule } from './faults/rules.ts';
import type { Folder } from './folder.ts';
import { INSPECTOR_PATH } from './inspector-assets.ts';
import type { JournalEntry } from './journal-entry.ts';
import { text } from './option-shapes.ts';
import type { IssuedCertificate, IssueRequest } from './pki/issue.ts';
import type { PlatformName } from './platform/environment.ts';
import type { FederatedTokenRequest } from './platform/external-issuer.ts';
import type { Listener } from './server/listener.ts';
import type { Services } from './services.ts';
import type { Steering } from './steering.ts';

/** A running mock. Its data members are all a client needs; its secret and its key open nothing but this mock. */
export interface MockTokenEndpoint {
  /** The origin of everything here, usable as an Entra authority host. */
  readonly authorityHost: string;
  /** The issuer of the RFC face, where its metadata is found. */
  readonly issuer: string;
  /** The v2.0 token endpoint of `tenantId`. */
  readonly tokenEndpoint: string;
  readonly tenantId: string;
  /** The mock's own client, which every tenant has that the options do not name. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM, mode 0600: the own client's certificate. */
  readonly certificateFile: string;
  /** PEM (PKCS#8), mode 0600: the key of that certificate. */
  readonly privateKeyFile: string;
  /** PKCS#12, mode 0600: certificate and key in one file, and what opens it. */
  readonly pfxFile: string;
  readonly pfxPassword: string;
  /** PEM: what to trust for TLS, as a file and as text. */
  readonly caFile: string;
  readonly ca: string;
  /** Where the protected API is; ends with `/v1.0/`. */
  readonly apiBaseUrl: string;
  /** The scope that grants the own client access to the API. */
  readonly scope: string;
  /** Where managed identities and federated tokens are to be had: plain http, as on a real host. */
  readonly platformUrl: string;
  /** A page that shows what happens here; whoever has this URL can steer the mock. */
  readonly inspectorUrl: string;
  /** What the methods here do, over HTTP with `controlToken` as a bearer token; ends with a slash. */
  readonly controlUrl: string;
  readonly controlToken: string;
  /** What was received and answered, oldest first: a frozen copy of the moment. */
  readonly journal: readonly JournalEntry[];
  /**
   * Answers matching requests as told until the returned function is called. What is queued comes first, then the oldest rule. The rule is
   * copied: what the caller does with it later has no effect.
   *
   * @throws {MockError} `invalid_option` for a rule that is none, or an answer that cannot be sent
   */
  addRule(rule: MockRule): () => void;
  /**
   * Answers the next token request, or the next one of that tenant and client; several wait in line. The answer is copied.
   *
   * @throws {MockError} `invalid_option` when the answer cannot be sent
   */
  enqueue(answer: MockAnswer, match?: ClientMatch): void;
  /**
   * Sets the mock's clock ahead by milliseconds.
   *
   * @throws {MockError} `invalid_option` for anything but a number, 0 or more, and for one that leads beyond the year 9999
   */
  advanceClock(ms: number): void;
  /**
   * Back to the start: journal, rules, queue, used assertions, revoked tokens, consent, registered certificates, what the
   * APIs keep, and the clock, and with a seed the identifiers too. Keys, files and ports stay. With a tenant, only what is its own: journal
   * entries, rules and queued answers that match on it, used assertions, consent, and what the APIs keep. Tests that share a mock each have a
   * tenant of their own.
   *
   * @throws {MockError} `invalid_option` for a tenant that is no text
   */
  reset(tenant?: string): void;
  /**
   * A new certificate with its key, which the own client may use from then on unless told otherwise.
   *
   * @throws {MockError} `invalid_option` for times that are none
   */
  issueCertificate(request?: IssueRequest): Promise<IssuedCertificate>;
  /** A token of an issuer outside the mock's tenants, which the own client may present in place of an assertion. */
  createFederatedToken(request?: FederatedTokenRequest): Promise<string>;
  /**
   * The environment variables a program has on that platform, pointing at this mock.
   *
   * @throws {MockError} `invalid_option` for a platform that is none
   */
  platformEnvironment(platform: PlatformName): Promise<Readonly<Record<string, string>>>;
  /** Ends every connection, frees the port and removes the folder; again has no effect. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a handle holds on to. */
interface MockParts {
  readonly tenantId: string;
  readonly ownClient: { readonly id: string; readonly secret: string; readonly pfxPassword: string };
  readonly folder: Folder;
  readonly listeners: readonly Listener[];
  readonly services: Services;
  readonly steering: Steering;
}

/** Data members are its own properties and all that JSON shows; the rest is on the prototype. */
export class RunningMock implements MockTokenEndpoint {
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
  readonly scope: string = `${API_RESOURCE}/.default`;
  readonly platformUrl: string;
  readonly inspectorUrl: string;
  readonly controlUrl: string;
  readonly controlToken: string;
  readonly ca: string;
  readonly #parts: MockParts;
  #closing: Promise<void> | undefined;

  constructor(parts: MockParts) {
    this.#parts = parts;
    const { authorityHost, issuer, platformUrl, ca } = parts.services;
    this.authorityHost = authorityHost;
    this.issuer = issuer;
    this.tenantId = parts.tenantId;
    this.tokenEndpoint = `${this.authorityHost}/${this.tenantId}/oauth2/v2.0/token`;
    this.clientId = parts.ownClient.id;
    this.clientSecret = parts.ownClient.secret;
    this.certificateFile = parts.folder.certificateFile;
    this.privateKeyFile = parts.folder.privateKeyFile;
    this.pfxFile = parts.folder.pfxFile;
    this.pfxPassword = parts.ownClient.pfxPassword;
    this.caFile = parts.folder.caFile;
    this.apiBaseUrl = `${this.authorityHost}${API_PATH}`;
    this.platformUrl = platformUrl;
    this.controlToken = parts.steering.controlToken;
    this.controlUrl = `${platformUrl}${CONTROL_PATH}`;
    // A fragment is sent to no server and stands in no log.
    this.inspectorUrl = `${platformUrl}${INSPECTOR_PATH}#token=${this.controlToken}`;
    this.ca = ca;
  }

  get journal(): readonly JournalEntry[] {
    return this.#parts.steering.journal.entries();
  }

  addRule(rule: MockRule): () => void {
    const { script } = this.#parts.steering;
    const id = script.addRule(rule);
    return () => {
      script.removeRule(id);
    };
  }

  enqueue(answer: MockAnswer, match?: ClientMatch): void {
    this.#parts.steering.script.enqueue(answer, match);
  }

  advanceClock(ms: number): void {
    this.#parts.steering.clock.advance(ms);
  }

  reset(tenant?: string): void {
    if (tenant !== undefined) text(tenant, 'tenant');
    this.#parts.steering.reset(tenant);
  }

  issueCertificate(request: IssueRequest = {}): Promise<IssuedCertificate> {
    return this.#parts.steering.issueCertificate(request);
  }

  createFederatedToken(request: FederatedTokenRequest = {}): Promise<string> {
    return this.#parts.steering.createFederatedToken(request);
  }

  platformEnvironment(platform: PlatformName): Promise<Readonly<Record<string, string>>> {
    return this.#parts.steering.platformEnvironment(platform);
  }

  close(): Promise<void> {
    const { listeners, folder } = this.#parts;
    this.#closing ??= Promise.all([...listeners.map((listener) => listener.close()), folder.remove()]).then(() => undefined);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
