/** Whether a compact JWS is signed with a key the verifier already has. RFC 7515 §5.2. */
import type { KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';

/** The signature algorithms that need no shared secret. RFC 7518 §3.1, RFC 8037 §3.1, and RFC 9864 §2.2 for the name `Ed25519`. */
export const ASYMMETRIC_ALGORITHMS: readonly string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/**
 * Whether `text` verifies with `key` and one of `algorithms`. The key and the algorithms are the caller's choice: `jwk`, `jku`, `x5u` and
 * `x5c` in the token are not looked at, and jose refuses a `crit` it does not know.
 */
export async function isSignedBy(
  text: string,
  { key, algorithms }: { readonly key: KeyObject; readonly algorithms: readonly string[] },
): Promise<boolean> {
  try {
    const { protectedHeader } = await compactVerify(text, key, { algorithms: [...algorithms] });
    // RFC 7797 §7: the one extension jose does know is not for JWTs.
    return protectedHeader.b64 !== false;
  } catch {
    return false;
  }
}
