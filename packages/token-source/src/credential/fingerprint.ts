/** By which a credential is known again without being kept or shown. */
import { createHmac, randomBytes } from 'node:crypto';

/**
 * A function from what a credential consists of to its fingerprint: the same for the same parts, be they text or the octets of that
 * text in UTF-8. The key is this function's own, so that not even a short secret can be guessed from its fingerprint.
 */
export function createFingerprint(): (...parts: readonly (string | Uint8Array | undefined)[]) => string {
  const key = randomBytes(32);
  return (...parts) => {
    const digest = createHmac('sha256', key);
    // Each with its length, so that what moves from one part to the next is noticed.
    for (const part of parts) digest.update(part === undefined ? '-;' : `${Buffer.byteLength(part)};`).update(part ?? '');
    return digest.digest('base64url');
  };
}
