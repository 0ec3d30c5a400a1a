/** AADSTS codes of the service itself: throttling, failures that pass, failures that do not. */
import { type AadstsEntry, row } from './entry.ts';

const AGAIN = 'A transient error has occurred. Try again.';

export const SERVICE_CODES: readonly AadstsEntry[] = [
  row(90055, 'temporarily_unavailable', "The tenant '{tenant}' is being throttled: too many requests.", {
    status: 429,
    retryAfterSeconds: 60,
  }),
  // Refused as a bad request, not as one too many: a client that only looks at the status would go on.
  row(50196, 'invalid_grant', 'The server terminated an operation because it encountered a client request loop.', {
    retryAfterSeconds: 300,
  }),
  // What passes
  row(90024, 'temporarily_unavailable', `The time budget of the request was exceeded. ${AGAIN}`, { status: 503 }),
  row(50033, 'temporarily_unavailable', AGAIN, { status: 503 }),
  row(90006, 'temporarily_unavailable', `An external service did not answer. ${AGAIN}`, { status: 503 }),
  row(90012, 'temporarily_unavailable', `The request timed out. ${AGAIN}`, { status: 504 }),
  row(90033, 'temporarily_unavailable', `The directory is temporarily not available. ${AGAIN}`, { status: 503 }),
  row(90090, 'temporarily_unavailable', `The graph of the directory is temporarily not available. ${AGAIN}`, { status: 503 }),
  row(50000, 'server_error', 'There was an error issuing a token.', { status: 500 }),
  // What does not
  row(90036, 'server_error', 'An unexpected, non-retryable error of the directory has occurred.', { status: 500 }),
  row(90092, 'server_error', 'An unexpected, non-retryable error of the graph of the directory has occurred.', { status: 500 }),
  row(100007, 'invalid_request', 'The regional endpoint only supports managed identities and certificates by subject name and issuer.'),
];
