/** `vectors/retry-advice.json` */
import { retryAdvice as adviceOn, type FailedRequest } from '../../src/retry/advice.ts';
import type { Adapter } from './vector.ts';

export const retryAdvice: Adapter = (input: FailedRequest) => adviceOn(input);
