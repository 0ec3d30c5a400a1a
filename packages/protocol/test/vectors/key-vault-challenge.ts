/** `vectors/key-vault-challenge.json` */

import { parseChallenges } from '../../src/challenge/www-authenticate.ts';
import { readKeyVaultChallenge } from '../../src/entra/key-vault-challenge.ts';
import type { Adapter } from './vector.ts';

export const keyVaultChallenge: Adapter = (input: { lines: string; requestUrl: string; authorityHosts?: string[] }) =>
  parseChallenges(input.lines)
    .map((challenge) => readKeyVaultChallenge(challenge, input))
    .find((found) => found !== undefined) ?? null;
