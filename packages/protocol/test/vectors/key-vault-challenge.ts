/** `vectors/key-vault-challenge.json` */
import { readKeyVaultChallenge } from '../../src/challenge/key-vault-challenge.ts';
import { parseChallenges } from '../../src/challenge/www-authenticate.ts';
import type { Adapter } from './vector.ts';

export const keyVaultChallenge: Adapter = (input: { lines: string; requestUrl: string; authorityHosts?: string[] }) =>
  parseChallenges(input.lines)
    .map((challenge) => readKeyVaultChallenge(challenge, input))
    .find((found) => found !== undefined) ?? null;
