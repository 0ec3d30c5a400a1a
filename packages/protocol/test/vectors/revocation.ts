/** `vectors/revocation.json` */
import { buildRevocationRequest, readRevocationResponse } from '../../src/extension/revocation.ts';
import { type PresentedTokenInput, presentedToken } from './presented-token.ts';
import type { Adapter } from './vector.ts';

export const revocation: Adapter = (input: PresentedTokenInput) => {
  if ('server' in input) return buildRevocationRequest(presentedToken(input));
  readRevocationResponse(input, { receivedAtMs: 0 });
  return 'revoked';
};
