/** Requests and answers as plain data: what routes and checks work on, with no socket in sight. */
import type { X509Certificate } from 'node:crypto';
import type { Consent } from '../directory/directory.ts';
import type { ContentEncoding } from './content-encoding.ts';

/** `public`: token endpoints and API. `mtls`: the same, asking for a client certificate. `local`: platform, control and inspector, without TLS. */
export type ListenerName = 'public' | 'mtls' | 'local';

export interface MockRequest {
  readonly listener: ListenerName;
  readonly method: string;
  /** Path and query as received, without the origin of an absolute form. */
  readonly target: string;
  /** The target without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /**
   * Names in lower case. What came several times is joined with a comma, `cookie` with a semicolon, and of a field that has one value by its
   * definition Node keeps the first; `authorization`, `content-type` and `host` came once.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** Scheme and host the client asked for; one of the listener's own. */
  readonly origin: string;
  readonly body: string;
  /** An upload's body, as it comes; `body` is empty then. */
  readonly content?: AsyncIterable<Uint8Array> | undefined;
  /** What the client showed in the TLS handshake, unjudged; its key is proven. Only the mTLS listener asks for one. */
  readonly clientCertificate?: X509Certificate | undefined;
}

/** Whether nothing but an answer is wanted. RFC 9110 §9.1: HEAD is there wherever GET is; its answer goes out without the body. */
export function isRead({ method }: Pick<MockRequest, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD';
}

export interface Answer {
  /** 0 when the client gets none: its delivery sends nothing. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** A string or bytes go out as they are, `undefined` as an empty body, anything else as JSON. */
  readonly body?: unknown;
  /** How a body is compressed on its way; default not. One of blanks without end is never. */
  readonly encoding?: ContentEncoding | undefined;
  /** The claims of the access token in the body, for the journal. */
  readonly tokenClaims?: Readonly<Record<string, unknown>> | undefined;
  /** What an administrator has consented to if this answer goes out; one that takes its place does not have it. */
  readonly consent?: Consent | undefined;
  /** How it goes out; default `whole`. */
  readonly delivery?: Delivery | undefined;
  /** Real milliseconds: how long it is held back, or for what goes out in pieces the pause between two; default none. */
  readonly delayMs?: number | undefined;
}

/**
 * - `whole`: at once and to the end.
 * - `no-answer`: never; the connection stays open until the client leaves.
 * - `reset-before-headers`: the connection is reset instead. `reset-after-headers`: after headers and the first half of the body.
 * - `slow-body`: in at most 20 pieces with pauses, to the end. `endless-body`: a blank now and then, without end. Where no body follows the
 *   head, as after HEAD, both are like `whole`.
 * - `oversized-body`: after so many blanks, which JSON allows, that there are 8 MiB in all.
 */
export type Delivery =
  | 'whole'
  | 'no-answer'
  | 'reset-before-headers'
  | 'reset-after-headers'
  | 'slow-body'
  | 'endless-body'
  | 'oversized-body';
