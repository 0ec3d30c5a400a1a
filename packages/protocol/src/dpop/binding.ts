/** A DPoP key as the binding of a token that was issued for it. RFC 9449 §6.1 and §7.1. */
import { ProtocolError } from '../errors.ts';
import { jwkThumbprint } from '../jws/jwk-thumbprint.ts';
import type { TokenBinding } from '../token-binding.ts';
import { createProver, type DpopKey } from './proof.ts';

/**
 * The binding of one token: its key's thumbprint, and a new proof with this token's hash for every request it goes with.
 *
 * @param options.accessToken  gives the token's value, asked for at each proof: the binding is there before the answer with
 *   the token is read
 * @param options.now  the clock, epoch milliseconds
 * @param options.uniqueId  makes each `jti`. Default: a random UUID
 * @throws {ProtocolError} `invalid_credential`, `weak_key`, `unsupported_algorithm`, `invalid_parameter`; from `proof`, as
 *   `buildDpopProof` does
 * @see RFC 9449 §7.1 https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 */
export function createDpopBinding(
  options: DpopKey & { accessToken: () => string; now: () => number; uniqueId?: (() => string) | undefined },
): TokenBinding {
  const { accessToken, now, uniqueId } = options;
  requireFunction(accessToken, 'accessToken');
  requireFunction(now, 'now');
  const prove = createProver(options);
  return {
    thumbprint: jwkThumbprint(options.publicKey),
    proof: async ({ method, url, nonce }) => prove({ method, url, nonce, accessToken: accessToken(), nowMs: now(), uniqueId }),
  };
}

/** The value is not quoted: it may be the token itself. */
function requireFunction(value: unknown, name: string): void {
  if (typeof value !== 'function') throw new ProtocolError('invalid_parameter', `${name} is of type ${typeof value}; give a function`);
}
