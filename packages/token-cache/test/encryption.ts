/** Keys for the tests of encryption: of known bytes, told apart by the byte that fills them. */
import type { EncryptionKey } from '@client-credentials/token-cache/encrypted';

export const OLD: EncryptionKey = Object.freeze({ id: 'old', key: Buffer.alloc(32, 1) });
export const NEW: EncryptionKey = Object.freeze({ id: 'new', key: Buffer.alloc(32, 2) });
