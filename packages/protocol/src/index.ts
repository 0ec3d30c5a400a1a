export { ProtocolError, type ProtocolErrorCode } from './errors.ts';
export { parseHttpDate, parseRetryAfter } from './retry/retry-after.ts';
