/** Reads a client assertion without judging it: its header and claims as JSON. RFC 7515 §7.1, RFC 7519 §7.2. */
import { decodeJwt, decodeProtectedHeader } from 'jose';

/** An assertion's header and claims as its sender wrote them; nothing about them is verified yet. */
export interface Assertion {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The header and claims of a compact JWT, or `undefined` when it is not one. */
export function readAssertion(text: string): Assertion | undefined {
  // The cap comes before any splitting: a megabyte of dots is not worth looking at.
  if (text.length > LONGEST_ASSERTION) return undefined;
  try {
    return { header: { ...decodeProtectedHeader(text) }, claims: decodeJwt(text) };
  } catch {
    return undefined;
  }
}

/** Whether the assertion comes from an issuer: a URL, where the client's own has the client id. OpenID Connect Core §2. */
export function isFederated({ claims }: Assertion): boolean {
  return typeof claims['iss'] === 'string' && /^https?:\/\//.test(claims['iss']);
}

/** The header's `typ` in lower case, without the `application/` that may be left out. RFC 7515 §4.1.9. */
export function typeOf({ typ }: Assertion['header']): string | undefined {
  return typ === undefined
    ? undefined
    : textOf(typ)
        .toLowerCase()
        .replace(/^application\//, '');
}

/** What a client put where text belongs, for a comparison or a message: `unreadable` for anything else, whatever its `toString` may be. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : 'unreadable';
}

const LONGEST_ASSERTION = 65_536;
