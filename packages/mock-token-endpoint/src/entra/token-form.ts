/** The shape of a token request at Entra, before anybody looks at who sent it. RFC 6749 §3.2 and §4.4.2. */
import type { X509Certificate } from 'node:crypto';
import type { Checks } from '../checks/checks.ts';
import type { Form } from '../server/form.ts';
import type { MockRequest } from '../server/http.ts';
import { type AadstsRefusal, missingParameter } from './aadsts.ts';
import type { EndpointVersion } from './version.ts';

/** What a well-formed request asks for. */
interface TokenForm {
  /** The value of the parameter that names the resource; unread. */
  readonly asked: string;
  /** The certificate that the token shall be bound to, if it shall be. */
  readonly boundTo: X509Certificate | undefined;
}

/** Passes for a form that asks for one grant of one resource. */
export function checkForm(
  checks: Checks<AadstsRefusal>,
  { request, form, version }: { request: MockRequest; form: Form | undefined; version: EndpointVersion },
): TokenForm {
  checks.require(request.method === 'POST', {
    name: 'the method is POST',
    section: 'RFC 6749 §3.2',
    refusal: { aadsts: 900561, values: { method: request.method } },
  });
  checks.require(form !== undefined, {
    name: 'the body is a form',
    section: 'RFC 6749 §4.4.2',
    // Entra reads no other body, so it misses the first parameter.
    refusal: missingParameter('grant_type'),
  });
  checks.require(form.repeated === undefined, {
    name: 'no parameter is repeated',
    section: 'RFC 6749 §3.2',
    refusal: malformed(`The parameter '${form.repeated}' is repeated.`),
  });
  checkGrantType(checks, form);
  const asked = checkResourceParameter(checks, { form, version });
  checkClaimsParameter(checks, form.get('claims'));
  return { asked, boundTo: checkTokenType(checks, { tokenType: form.get('token_type'), certificate: request.clientCertificate }) };
}

function checkGrantType(checks: Checks<AadstsRefusal>, form: Form): void {
  const grantType = form.get('grant_type');
  checks.require(grantType !== undefined, {
    name: 'grant_type is present',
    section: 'RFC 6749 §4.4.2',
    refusal: missingParameter('grant_type'),
  });
  checks.require(grantType === 'client_credentials', {
    name: 'grant_type is client_credentials',
    section: 'RFC 6749 §4.4.2',
    refusal: { aadsts: 70003, values: { grant: grantType } },
  });
}

function checkResourceParameter(
  checks: Checks<AadstsRefusal>,
  { form, version: { parameter } }: { form: Form; version: EndpointVersion },
): string {
  checks.require(parameter === 'resource' || form.get('resource') === undefined, {
    name: 'the resource is named by scope',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: 901002 },
  });
  const asked = form.get(parameter);
  checks.require(asked !== undefined, {
    name: `${parameter} is present`,
    section: 'Entra: client credentials flow',
    refusal: missingParameter(parameter),
  });
  return asked;
}

/** Absent, or a JSON object of a size that a challenge can have. */
function checkClaimsParameter(checks: Checks<AadstsRefusal>, claims: string | undefined): void {
  if (claims === undefined) return;
  checks.require(claims.length <= LONGEST_CLAIMS, {
    name: 'claims is 16 KiB at most',
    section: 'Entra: claims challenges',
    refusal: malformed(`'claims' has ${claims.length} characters.`),
  });
  checks.require(isJsonObject(claims), {
    name: 'claims is a JSON object',
    section: 'OpenID Connect Core §5.5',
    refusal: malformed("'claims' is no JSON object."),
  });
}

/** The certificate to bind the token to. A type this server has no token of is refused: `Bearer` would be less than was asked for. */
function checkTokenType(
  checks: Checks<AadstsRefusal>,
  { tokenType, certificate }: { tokenType: string | undefined; certificate: X509Certificate | undefined },
): X509Certificate | undefined {
  if (tokenType === undefined) return undefined;
  checks.require(['bearer', 'mtls_pop'].includes(tokenType.toLowerCase()), {
    name: 'token_type is one that is issued here',
    section: 'RFC 6749 §7.1',
    refusal: malformed(`'token_type' is '${tokenType}'.`),
  });
  if (tokenType.toLowerCase() === 'bearer') return undefined;
  checks.require(certificate !== undefined, {
    name: 'the TLS connection has a client certificate',
    section: 'RFC 8705 §3',
    refusal: { aadsts: 392200 },
  });
  return certificate;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function malformed(reason: string): AadstsRefusal {
  return { aadsts: 9002313, values: { reason } };
}

const LONGEST_CLAIMS = 16_384;
