/** Every fault by its name. */
import { brotliBomb, duplicateKeys, gzipBomb, longToken, truncatedJson, wrongContentType } from './body-faults.ts';
import { endlessBody, noAnswer, oversizedBody, resetAfterHeaders, resetBeforeHeaders, slowBody } from './connection-faults.ts';
import type { Fault } from './fault.ts';
import { empty403, endlessNonce, error200, html502 } from './foreign-answers.ts';

export type FaultName =
  | 'no-answer'
  | 'reset-before-headers'
  | 'reset-after-headers'
  | 'slow-body'
  | 'endless-body'
  | 'oversized-body'
  | 'truncated-json'
  | 'duplicate-keys'
  | 'wrong-content-type'
  | 'gzip-bomb'
  | 'brotli-bomb'
  | 'long-token'
  | 'html-502'
  | 'error-200'
  | 'empty-403'
  | 'endless-nonce';

export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  'no-answer': noAnswer,
  'reset-before-headers': resetBeforeHeaders,
  'reset-after-headers': resetAfterHeaders,
  'slow-body': slowBody,
  'endless-body': endlessBody,
  'oversized-body': oversizedBody,
  'truncated-json': truncatedJson,
  'duplicate-keys': duplicateKeys,
  'wrong-content-type': wrongContentType,
  'gzip-bomb': gzipBomb,
  'brotli-bomb': brotliBomb,
  'long-token': longToken,
  'html-502': html502,
  'error-200': error200,
  'empty-403': empty403,
  'endless-nonce': endlessNonce,
};
