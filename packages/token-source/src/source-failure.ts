/** Why no token came, in the words of a source; and what such a failure means to the cache. */
import { TokenResponseError } from '@client-credentials/protocol';
import { TokenCacheError } from '@client-credentials/token-cache';
import { TokenSourceError } from './errors.ts';

/** What rules out a token that is still valid: the server knows this client and will not have it. Nothing else does. */
export function isRefusal(error: unknown): boolean {
  return error instanceof TokenResponseError && error.code === 'oauth_error' && !error.transient;
}

/** For the cache: a remembered refusal in its own words, by which it lets those who force a request try for themselves. */
export function toCacheFailure(error: unknown): unknown {
  return isRemembered(error) ? new TokenCacheError('refused_recently', error.message, { cause: error }) : error;
}

/** For callers: what the cache says, in the words of a source. */
export function toSourceFailure(error: unknown, { deadlineMs }: { readonly deadlineMs: number }): unknown {
  if (!(error instanceof TokenCacheError)) return error;
  if (isRemembered(error.cause)) return error.cause;
  if (error.code === 'closed') return new TokenSourceError('closed', 'The token source was closed; create a new one');
  const message =
    error.code === 'deadline'
      ? 'No token came before the deadlineAtMs of this call; the request goes on for the next one'
      : `No token came within ${deadlineMs} ms; look for a function of the credential, or a sleep, that never ends`;
  return new TokenSourceError('timeout', message, { transient: true });
}

function isRemembered(error: unknown): error is TokenSourceError {
  return error instanceof TokenSourceError && error.code === 'refused_recently';
}
