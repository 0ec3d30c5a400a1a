/** What other packages may import. */

export { TokenCacheError, type TokenCacheErrorCode } from './errors.ts';
export { type Expiring, type Freshness, type FreshnessPolicy, freshnessAt } from './freshness.ts';
export type { TokenCacheOptions } from './options.ts';
export { createTokenCache } from './single-flight-cache.ts';
export type { GetOptions, Inspection, TokenCache } from './token-cache.ts';
