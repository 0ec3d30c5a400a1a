/** `vectors/claims-request.json` */
import { buildClaims } from '../../src/token-request/claims.ts';
import type { Adapter } from './vector.ts';

export const claimsRequest: Adapter = (input: { claims?: string; capabilities?: string[] }) => buildClaims(input);
