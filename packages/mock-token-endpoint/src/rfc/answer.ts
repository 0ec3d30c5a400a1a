/** Answers of the RFC face: RFC 6749 §5.1 and §5.2, to the letter. */
import type { ProofRefusal } from '../checks/dpop.ts';
import type { Answer } from '../server/http.ts';

/** Why a request is refused. `invalid_target` is of RFC 8707 §2. */
export interface OAuthRefusal {
  readonly error:
    | 'invalid_request'
    | 'invalid_client'
    | 'invalid_grant'
    | 'unauthorized_client'
    | 'unsupported_grant_type'
    | 'invalid_scope'
    | 'invalid_target'
    | ProofRefusal['error'];
  readonly description: string;
}

/** A success; without a body an empty one. */
export function oauthSuccess(body?: object): Answer {
  return { status: 200, headers: NEVER_STORED, body };
}

export function oauthError({ error, description }: OAuthRefusal): Answer {
  return {
    status: error === 'invalid_client' ? 401 : 400,
    headers: { ...NEVER_STORED, ...(error === 'invalid_client' ? { 'www-authenticate': 'Basic realm="mock", charset="UTF-8"' } : {}) },
    body: { error, error_description: printable(description) },
  };
}

/** RFC 6749 §5.2 allows printable ASCII without `"` and `\`; what a client sent may be anything, and long. */
function printable(description: string): string {
  return description.slice(0, LONGEST_DESCRIPTION).replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?');
}

const NEVER_STORED = { 'cache-control': 'no-store', pragma: 'no-cache' };
const LONGEST_DESCRIPTION = 500;
