/** The entry point of encryption at rest. */
export { type EncryptedOptions, encrypted } from './encrypted/encrypted-store.ts';
export type { EncryptionKey } from './encrypted/key-ring.ts';
