/** The handle of a running mock: what a client must know to use it, and how a test steers it. */
import { randomUUID } from 'node:crypto';
import { API_PATH, API_RESOURCE } from './api/graph.ts';
import type { MockAnswer } from './faults/answer.ts';
import type { MockRule, Script } from './faults/rules.ts';
import type { Folder } from './folder.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { Listener } from './server/listener.ts';
import type { Services } from './services.ts';

/** A running mock. Its data members are all a client needs; its secret and its key open nothing but this mock. */
export interface MockTokenEndpoint {
  /** The origin of everything here, usable as an Entra authority host. */
  readonly authorityHost: string;
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
  /** PEM: what to trust for TLS, as a file and as text. */
  readonly caFile: string;
  readonly ca: string;
  /** Where the protected API is; ends with `/v1.0/`. */
  readonly apiBaseUrl: string;
  /** The scope that grants the own client access to the API. */
  readonly scope: string;
  /** What was received and answered, oldest first: a frozen copy of the moment. */
  readonly journal: readonly JournalEntry[];
  /**
   * Answers matching requests as told until the returned function is called. What is queued comes first, then the oldest rule.
   *
   * @throws {MockError} `invalid_option` when the answer cannot be sent
   */
  addRule(rule: MockRule): () => void;
  /**
   * Answers the next token request; several wait in line.
   *
   * @throws {MockError} `invalid_option` when the answer cannot be sent
   */
  enqueue(answer: MockAnswer): void;
  /**
   * Sets the mock's clock ahead by milliseconds.
   *
   * @throws {MockError} `invalid_option` for anything but a number, 0 or more
   */
  advanceClock(ms: number): void;
  /** Back to the start: journal, rules, queue, used assertions and the clock. Keys, files and the port stay. */
  reset(): void;
  /** Ends every connection, frees the port and removes the folder; again has no effect. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a handle holds on to. */
interface MockParts {
  readonly ca: string;
  readonly ownClient: { readonly id: string; readonly secret: string };
  readonly folder: Folder;
  readonly listener: Listener;
  readonly services: Services;
  readonly journal: Journal;
  readonly script: Script;
}

/** Data members are its own properties and all that JSON shows; the rest is on the prototype. */
export class RunningMock implements MockTokenEndpoint {
  readonly authorityHost: string;
  readonly tokenEndpoint: string;
  readonly tenantId: string = randomUUID();
  readonly clientId: string;
  readonly clientSecret: string;
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  readonly caFile: string;
  readonly ca: string;
  readonly apiBaseUrl: string;
  readonly scope: string = `${API_RESOURCE}/.default`;
  readonly #parts: MockParts;
  #closing: Promise<void> | undefined;

  constructor(parts: MockParts) {
    this.#parts = parts;
    this.authorityHost = parts.services.authorityHost;
    this.tokenEndpoint = `${this.authorityHost}/${this.tenantId}/oauth2/v2.0/token`;
    this.clientId = parts.ownClient.id;
    this.clientSecret = parts.ownClient.secret;
    this.certificateFile = parts.folder.certificateFile;
    this.privateKeyFile = parts.folder.privateKeyFile;
    this.caFile = parts.folder.caFile;
    this.ca = parts.ca;
    this.apiBaseUrl = `${this.authorityHost}${API_PATH}`;
  }

  get journal(): readonly JournalEntry[] {
    return this.#parts.journal.entries();
  }

  addRule(rule: MockRule): () => void {
    return this.#parts.script.addRule(rule);
  }

  enqueue(answer: MockAnswer): void {
    this.#parts.script.enqueue(answer);
  }

  advanceClock(ms: number): void {
    this.#parts.services.clock.advance(ms);
  }

  reset(): void {
    const { journal, script, services } = this.#parts;
    journal.clear();
    script.clear();
    services.replays.clear();
    services.clock.reset();
  }

  close(): Promise<void> {
    const { listener, folder } = this.#parts;
    this.#closing ??= Promise.all([listener.close(), folder.remove()]).then(() => undefined);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
