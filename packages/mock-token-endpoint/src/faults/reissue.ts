/** The success of a token request once more, with another token. */
import type { Answer } from '../server/http.ts';
import { issueTokenResponse, type TokenOverrides } from '../tokens.ts';
import type { Honest } from './fault.ts';

/** The honest success with other members and claims, or with a token longer by `padding`; a request that was granted nothing keeps its answer. */
export async function reissue(
  { outcome: { answer, grant }, services }: Honest,
  change: { readonly overrides?: TokenOverrides; readonly padding?: number },
): Promise<Answer> {
  if (!grant) return answer;
  const { members, claims } = await issueTokenResponse(grant, { ...change, signingKey: services.signingKey });
  return { ...answer, body: members, tokenClaims: claims };
}
