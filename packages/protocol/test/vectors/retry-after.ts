/** `vectors/retry-after.json` */
import { parseRetryAfter } from '../../src/retry/retry-after.ts';
import type { Adapter } from './vector.ts';

export const retryAfter: Adapter = (input: { value: string; nowMs: number; date?: string }) => parseRetryAfter(input.value, input) ?? null;
