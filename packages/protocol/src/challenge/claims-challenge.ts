/** Entra's claims challenge: the token was good, and now more is asked of it. OpenID Connect Core §5.5 has the form of what is asked. */
import { decodeBase64url } from '../encoding/base64url.ts';
import { parseJsonObject } from '../encoding/json.ts';
import type { Challenge } from './www-authenticate.ts';

/**
 * The claims request in this challenge, as the JSON text to send in the next token request's `claims`, character by character
 * as the resource wrote it. `undefined` if the challenge is of another kind, or what it holds is no JSON object in base64 or
 * base64url, or has more than 16 KiB: then the refusal stands as it is.
 *
 * @see Claims challenges, claims requests and client capabilities https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function readClaimsChallenge({ scheme, parameters }: Challenge): string | undefined {
  const { error, claims } = parameters;
  if (scheme !== 'bearer' || error !== 'insufficient_claims' || claims === undefined) return undefined;
  const json = decodeText(claims);
  return json !== undefined && parseJsonObject(json) !== undefined ? json : undefined;
}

/** The text in either alphabet of RFC 4648, with padding or without. */
function decodeText(encoded: string): string | undefined {
  const unpadded = encoded
    .replace(/={1,2}$/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  try {
    const bytes = decodeBase64url(unpadded);
    return bytes.length > LONGEST_CLAIMS_BYTES ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // What is neither base64 nor UTF-8 was not meant for us.
    return undefined;
  }
}

const LONGEST_CLAIMS_BYTES = 16 * 1024;
