/** One of Azure's platforms, as a program on it sees it: whom to ask for a managed identity's token, how, and how often. */
import type { HttpResponse } from '@client-credentials/protocol';
import { type Environment, readVariable } from '../environment.ts';
import { TokenSourceError } from '../errors.ts';
import type { HttpRequest } from '../transport/transport.ts';
import type { ArcInstallation } from './arc-installation.ts';
import type { Identity } from './identity.ts';
import type { RetryRhythm } from './retry-rhythm.ts';

/** Made by `detectPlatform`. */
export interface Platform {
  /** For messages. */
  readonly name: string;
  readonly retryRhythm: RetryRhythm;
  /** How long its rhythm may take in all, milliseconds, where that is longer than a source waits. */
  readonly deadlineMs?: number;
  /** The request for a token for this resource. No claims: managed identities know no continuous access evaluation. */
  buildRequest(resource: string): PlatformRequest;
  /** Finds out whether the platform is there at all. @throws {TokenSourceError} `credential_unavailable` */
  find?(ask: Ask): Promise<void>;
  /**
   * The headers with which the request is repeated, once, if this answer demands a proof.
   *
   * @throws {TokenSourceError} `credential_unavailable`
   */
  prove?(answer: HttpResponse): Promise<Readonly<Record<string, string>> | undefined>;
}

/** One request, as plain data. */
export type PlatformRequest = Pick<HttpRequest, 'url' | 'method' | 'headers' | 'body'>;

/** Sends such a request, straight to its host. `timeoutMs` shortens the time for its answer. */
export type Ask = (request: PlatformRequest, options?: { readonly timeoutMs: number }) => Promise<HttpResponse>;

/** What a platform is recognised by, and which of its identities is wanted. */
export interface Host {
  readonly environment: Environment;
  /** Absent: the one that needs no name. */
  readonly identity: Identity | undefined;
  readonly arc: ArcInstallation;
}

/** The URL with these parameters in its query, and those that it had. */
export function withQuery(url: URL, parameters: Readonly<Record<string, string>>): string {
  const full = new URL(url);
  for (const [name, value] of Object.entries(parameters)) full.searchParams.set(name, value);
  return full.href;
}

/**
 * The endpoint that a variable names; `undefined` if it is not set. Plain http will do: these hosts are reached without leaving the
 * machine, and have no certificates.
 *
 * @throws {TokenSourceError} `invalid_configuration`, without the value: it may hold a password
 */
export function readEndpoint(environment: Environment, variable: string): URL | undefined {
  const text = readVariable(environment, variable);
  if (text === undefined) return undefined;
  // A URL parser passes over line breaks and takes a backslash for a slash.
  if (/^https?:\/\/[^\s\\@#]+$/i.test(text) && URL.canParse(text)) return new URL(text);
  throw new TokenSourceError(
    'invalid_configuration',
    `The variable ${variable} is no http or https URL, or holds user information or a fragment; leave it as the platform sets it`,
  );
}
