/** The entry point of the Redis store. */
export { type RedisStoreOptions, redisStore } from './redis/redis-store.ts';
