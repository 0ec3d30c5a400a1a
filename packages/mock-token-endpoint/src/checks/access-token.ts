/** Reads an access token of this mock: whose signature verifies, whatever it says. RFC 7515 §5.2, RFC 7519 §7.2. */
import { compactVerify, type JWTPayload } from 'jose';
import type { SigningKey } from '../pki/keys.ts';

/** The claims of `text` when the mock signed it, else `undefined`. Issuer, audience, times and binding are still to be judged. */
export async function readAccessToken(text: string, { signingKey }: { signingKey: SigningKey }): Promise<JWTPayload | undefined> {
  // The cap comes before any splitting: a megabyte of dots is not worth looking at.
  if (text.length > LONGEST_TOKEN) return undefined;
  try {
    const { payload } = await compactVerify(text, signingKey.publicKey, { algorithms: ['RS256'] });
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}

/** What a token is bound to: the thumbprint of a DPoP key, RFC 9449 §6.1, or of a certificate, RFC 8705 §3.1. */
export interface Confirmation {
  readonly jkt?: string;
  readonly 'x5t#S256'?: string;
}

/** The token's `cnf`, RFC 7800 §3.1; empty when anybody may use the token. */
export function readConfirmation(claims: JWTPayload): Confirmation {
  return (claims['cnf'] as Confirmation | undefined) ?? {};
}

// Scripted tokens go up to 100 kB and a little.
const LONGEST_TOKEN = 262_144;
