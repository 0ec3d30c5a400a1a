/** `vectors/remedies.json` */
import { remedyOf } from '../../src/challenge/remedy.ts';
import { parseChallenges } from '../../src/challenge/www-authenticate.ts';
import type { Adapter } from './vector.ts';

export const remedies: Adapter = (input: { lines: string | string[] }) => remedyOf(parseChallenges(input.lines));
