/** Signs what a token request was granted. RFC 6749 §5.1, RFC 7519 §7.1. */
import { SignJWT } from 'jose';
import type { SigningKey } from './pki/keys.ts';

/** What a token request was granted, as data: a rule may have it issued with other members and claims. */
export interface Grant {
  /** The token's `typ`. RFC 9068 §2.1 has its own. */
  readonly type: 'JWT' | 'at+jwt';
  readonly claims: Readonly<Record<string, unknown>>;
  /** The members of the response beside `access_token`. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** What a scripted answer changes in a success: members of the response, and the claims `tid`, `appid` and `aud` of its token. */
export interface TokenOverrides {
  /** Seconds, as a number or as a string; `null` leaves the member out. The token's own `exp` stays. */
  readonly expires_in?: number | string | null | undefined;
  readonly refresh_in?: number | undefined;
  /** One that a server should not send with this grant: RFC 6749 §4.4.3. */
  readonly refresh_token?: string | undefined;
  readonly token_type?: string | undefined;
  readonly scope?: string | undefined;
  readonly tid?: string | undefined;
  readonly appid?: string | undefined;
  readonly aud?: string | undefined;
}

export interface TokenResponse {
  readonly members: Readonly<Record<string, unknown>>;
  /** The claims of its access token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The members of a success response, with a token signed now. */
export async function issueTokenResponse(
  grant: Grant,
  { signingKey, overrides = {}, padding = 0 }: { signingKey: SigningKey; overrides?: TokenOverrides | undefined; padding?: number },
): Promise<TokenResponse> {
  const { tid, appid, aud, ...members } = overrides;
  const claims = {
    ...grant.claims,
    ...withoutUndefined({ tid, appid, azp: appid, aud }),
    ...(padding > 0 ? { padding: 'A'.repeat(padding) } : {}),
  };
  const access_token = await new SignJWT(claims)
    .setProtectedHeader({ typ: grant.type, alg: 'RS256', kid: signingKey.kid })
    .sign(signingKey.privateKey);
  return { claims, members: { ...withOverrides(grant.members, members), access_token } };
}

function withOverrides(
  members: Grant['members'],
  { expires_in, ...overrides }: Pick<TokenOverrides, 'expires_in' | 'refresh_in' | 'refresh_token' | 'token_type' | 'scope'>,
): Record<string, unknown> {
  const changed = { ...members, ...withoutUndefined(overrides) };
  if (expires_in === undefined) return changed;
  const { expires_in: _, ext_expires_in: __, ...rest } = changed;
  return expires_in === null ? rest : { ...rest, expires_in, ext_expires_in: expires_in };
}

function withoutUndefined(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
