/** The error for a credential that has to be asked for, where whoever was asked has answered, but not with it. */
import type { TokenResponseError } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';

/**
 * Tells the answer, and never passes for one of the token endpoint: what that refuses is remembered.
 *
 * @param what  begins the message: "The managed identity gave no token"
 * @param context.transient  default: what the answer's status says of itself
 */
export function unavailable(
  what: string,
  answer: TokenResponseError,
  { nowMs, transient = answer.transient }: { readonly nowMs: number; readonly transient?: boolean | undefined },
): TokenSourceError {
  const { retryAfterMs } = answer;
  return new TokenSourceError('credential_unavailable', `${what}: ${answer.message}`, {
    transient,
    cause: answer,
    ...(retryAfterMs !== undefined && { retryAtMs: nowMs + retryAfterMs }),
  });
}
