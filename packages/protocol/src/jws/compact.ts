/** The JWS compact serialization: `header.payload.signature`. RFC 7515 §3.1, §5.1, §7.1. */
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import { ProtocolError } from '../errors.ts';
import { signatureScheme } from './algorithm.ts';
import type { Signer } from './signer.ts';

/**
 * A signed JWT in compact form. The header names the signer's algorithm; header and claims are serialized once and those
 * octets are signed.
 *
 * @see RFC 7515 §5.1 https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 */
export async function signCompact(
  parts: {
    readonly header: Readonly<Record<string, unknown>> & { readonly alg?: never };
    readonly claims: Readonly<Record<string, unknown>>;
  },
  signer: Signer,
): Promise<string> {
  const header = encodeBase64url(JSON.stringify({ alg: signer.algorithm, ...parts.header }));
  const signingInput = `${header}.${encodeBase64url(JSON.stringify(parts.claims))}`;
  const signature = await signer.sign(Buffer.from(signingInput, 'ascii'));
  requireLength(signature, signer);
  return `${signingInput}.${encodeBase64url(signature)}`;
}

/** RFC 7518 §3.4: some signers make DER of the two halves of an ECDSA signature, which no server can read. */
function requireLength({ length }: Uint8Array, { algorithm }: Signer): void {
  const { octets } = signatureScheme(algorithm);
  if (length > 0 && (octets === undefined || length === octets)) return;
  const wanted = octets === undefined ? 'a signature' : `${octets} octets, for ECDSA its two halves side by side`;
  throw new ProtocolError('invalid_credential', `The signer returned ${length} octets; ${algorithm} wants ${wanted}`);
}

/** A JWT's header and claims as they were sent. Nothing is verified. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Header and claims of a JWT, **unverified**: for people and diagnosis, never for a decision. An access token is opaque to
 * the client that carries it.
 *
 * @throws {ProtocolError} `invalid_parameter` if the text is not three base64url parts with JSON objects in the first two
 * @see RFC 7515 §7.1 https://www.rfc-editor.org/rfc/rfc7515#section-7.1
 */
export function decodeToken(jwt: string): DecodedToken {
  // Cut at a fourth part, so that a text of nothing but dots costs no memory.
  const [header, claims, signature, ...more] = jwt.split('.', 4);
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) {
    throw new ProtocolError('invalid_parameter', 'The text is not a JWT: it has not three parts divided by dots (RFC 7515 §7.1)');
  }
  decodeBase64url(signature);
  return { header: decodeObject(header, 'header'), claims: decodeObject(claims, 'claims') };
}

function decodeObject(part: string, name: string): Readonly<Record<string, unknown>> {
  const bytes = decodeBase64url(part);
  try {
    const value: unknown = JSON.parse(UTF8.decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Fall through: what is no JSON is no object either, and a parser's message could quote the token.
  }
  throw new ProtocolError('invalid_parameter', `The JWT's ${name} is not a JSON object in UTF-8 (RFC 7519 §7.2)`);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
