/** Under which name a store keeps an entry. */
import { createHash } from 'node:crypto';

/** The digest of a key: 43 characters of base64url, SHA-256. It tells nothing of the key, has one length, and fits every store. */
export function entryName(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
