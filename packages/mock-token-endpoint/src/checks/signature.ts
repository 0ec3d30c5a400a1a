/** Whether a compact JWS is signed with a key the verifier already has. RFC 7515 §5.2. */
import type { KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';

/**
 * Whether `text` verifies with `key` and one of `algorithms`. The key is the registered one and the algorithms are ours: `jwk`, `jku`, `x5u`
 * and `x5c` in the token are not looked at, and jose refuses a `crit` it does not know.
 */
export async function isSignedBy(
  text: string,
  { key, algorithms }: { readonly key: KeyObject; readonly algorithms: readonly string[] },
): Promise<boolean> {
  try {
    await compactVerify(text, key, { algorithms: [...algorithms] });
    return true;
  } catch {
    return false;
  }
}
