/** The answer was no token: a refusal of RFC 6749 §5.2, or something unreadable. */
import type { ErrorExplanation } from '../error-catalogue/error-explanation.ts';
import { ProtocolError, type ProtocolErrorCode } from '../errors.ts';
import { retryAdvice } from '../retry/advice.ts';

/** What is kept of an answer that was no token. */
export interface TokenResponseFacts {
  readonly status: number;
  /** `error`: the one member to branch on. A name that `explainError` knows is as it was sent; of any other the request's secrets are taken out. */
  readonly error?: string;
  /** `error_description`, for people; its text and numbers change. */
  readonly description?: string;
  /** `error_uri`: a page for people about this error. */
  readonly errorUri?: string;
  /** Entra: the AADSTS numbers. Diagnosis, not control flow. */
  readonly errorCodes?: readonly number[];
  /** Entra: a hint beside `error`, such as `bad_token`. */
  readonly suberror?: string;
  /** Entra: a claims request to meet, as JSON text; absent where a secret stands in it. */
  readonly claims?: string;
  /** Entra: names this answer in its logs. */
  readonly requestId?: string;
  /** Entra: names the whole exchange, as `client-request-id` did. */
  readonly correlationId?: string;
  /** How long the server asked to wait, milliseconds. */
  readonly retryAfterMs?: number;
  /** What the first known of its AADSTS numbers means, or else its `error`; for people. */
  readonly explanation?: ErrorExplanation;
  /** How many requests were sent, where the reader was told. */
  readonly attempts?: number;
}

/** `oauth_error`: the server refused and said why. `invalid_response`: the answer is not one of the token endpoint. */
export class TokenResponseError extends ProtocolError implements TokenResponseFacts {
  readonly status: number;
  declare readonly error?: string;
  declare readonly description?: string;
  declare readonly errorUri?: string;
  readonly errorCodes: readonly number[];
  declare readonly suberror?: string;
  declare readonly claims?: string;
  declare readonly requestId?: string;
  declare readonly correlationId?: string;
  declare readonly retryAfterMs?: number;
  declare readonly explanation?: ErrorExplanation;
  declare readonly attempts?: number;

  constructor(code: Extract<ProtocolErrorCode, 'oauth_error' | 'invalid_response'>, message: string, facts: TokenResponseFacts) {
    const { kind } = retryAdvice(facts);
    super(code, message, { transient: kind === 'wait' || kind === 'backoff' });
    this.name = 'TokenResponseError';
    this.status = facts.status;
    this.errorCodes = [];
    Object.assign(this, facts);
  }
}
