/** Requests and answers as plain data: what routes and checks work on, with no socket in sight. */
import type { X509Certificate } from 'node:crypto';

/** `public`: token endpoints and API. `mtls`: the same, asking for a client certificate. `local`: platform, control and inspector, without TLS. */
export type ListenerName = 'public' | 'mtls' | 'local';

export interface MockRequest {
  readonly listener: ListenerName;
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
  /** The target without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; what came several times is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Scheme and host the client asked for; one of the listener's own. */
  readonly origin: string;
  readonly body: string;
  /** What the client showed in the TLS handshake, unjudged; its key is proven. Only the mTLS listener asks for one. */
  readonly clientCertificate?: X509Certificate | undefined;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** A string or bytes go out as they are, `undefined` as an empty body, anything else as JSON. */
  readonly body?: unknown;
  /** The claims of the access token in the body, for the journal. */
  readonly tokenClaims?: Readonly<Record<string, unknown>> | undefined;
  /** How it goes out; default `whole`. */
  readonly delivery?: Delivery | undefined;
}

/**
 * - `whole`: at once and to the end.
 * - `no-answer`: never; the connection stays open until the client leaves.
 * - `reset-before-headers`: the connection is reset instead. `reset-after-headers`: after headers and the first half of the body.
 * - `slow-body`: in small pieces with pauses, to the end. `endless-body`: a byte now and then, without end.
 */
export type Delivery = 'whole' | 'no-answer' | 'reset-before-headers' | 'reset-after-headers' | 'slow-body' | 'endless-body';
