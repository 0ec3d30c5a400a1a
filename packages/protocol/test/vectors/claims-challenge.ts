/** `vectors/claims-challenge.json` */
import { readClaimsChallenge } from '../../src/challenge/claims-challenge.ts';
import { parseChallenges } from '../../src/challenge/www-authenticate.ts';
import type { Adapter } from './vector.ts';

export const claimsChallenge: Adapter = (input: { lines: string | string[] }) =>
  parseChallenges(input.lines)
    .map(readClaimsChallenge)
    .find((claims) => claims !== undefined) ?? null;
