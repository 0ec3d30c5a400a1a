/** Compares a secret with those registered. RFC 6749 §2.3.1. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether `secret` is one of `registered`, in a time that does not depend on where they differ. */
export function isOneOf(secret: string | undefined, registered: readonly string[]): boolean {
  if (secret === undefined) return false;
  const digest = sha256(secret);
  return registered.map((candidate) => timingSafeEqual(sha256(candidate), digest)).includes(true);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
