/** What other packages may import. */

export { TokenCacheError, type TokenCacheErrorCode } from './errors.ts';
export type { EntryEvent, StoreFailure, TokenCacheEvents } from './events.ts';
export { type Expiring, type Freshness, type FreshnessPolicy, freshnessAt } from './freshness.ts';
export type { TokenCacheOptions } from './options.ts';
export type { Codec } from './shared-values.ts';
export { createTokenCache } from './single-flight-cache.ts';
export type { Lease, ReadContext, Store, StoreContext } from './store.ts';
export type { GetOptions, Inspection, TokenCache } from './token-cache.ts';
