/** `vectors/challenges.json` */
import { parseChallenges } from '../../src/challenge/www-authenticate.ts';
import type { Adapter } from './vector.ts';

export const challenges: Adapter = (input: { lines: string | string[] }) => parseChallenges(input.lines);
