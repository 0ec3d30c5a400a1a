/** The `claims` parameter of a token request, which its access token remembers. OpenID Connect Core §5.5; Entra: claims challenges. */
import type { Form } from './server/form.ts';
import type { Grant } from './tokens.ts';

/** The grant, its token with a claim more: the `claims` of the request, if it had any. */
export function rememberClaims(grant: Grant, form: Form | undefined): Grant {
  const text = form?.get('claims');
  // As text: how deep a client nests is its own affair until somebody asks. Entra's own limit is the same.
  if (text === undefined || text.length > LONGEST_CLAIMS) return grant;
  return { ...grant, claims: { ...grant.claims, [REMEMBERED]: text } };
}

/** Whether the token with these claims was issued to a request whose `claims` contain `required`, at every depth. */
export function wasRequestedWith(tokenClaims: Readonly<Record<string, unknown>> | undefined, required: object): boolean {
  const text = tokenClaims?.[REMEMBERED];
  return typeof text === 'string' && contains(parseJson(text), required);
}

function contains(value: unknown, required: unknown): boolean {
  if (typeof required !== 'object' || required === null) return value === required;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(required).every(([name, member]) => Object.hasOwn(value, name) && contains(Reflect.get(value, name), member));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const REMEMBERED = 'mock_claims';
const LONGEST_CLAIMS = 16_384;
