/** Judges a client assertion as RFC 10070 wants it: signed with the secret or with a registered certificate. RFC 7523 §2.2 and §3. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { type Assertion, typeOf } from '../assertion.ts';
import type { Checks } from '../checks/checks.ts';
import type { PresentedAssertion } from '../checks/presented-client.ts';
import { ASYMMETRIC_ALGORITHMS, isSignedBy } from '../checks/signature.ts';
import { type Client, isValidAt, type RegisteredCertificate } from '../directory/client.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { OAuthRefusal } from './answer.ts';
import { checkAssertionClaims, invalidAssertion } from './assertion-claims.ts';

/** What an assertion is judged against. */
interface AssertionContext {
  readonly presented: PresentedAssertion;
  readonly client: Client;
  readonly request: MockRequest;
  readonly services: Services;
}

/** Passes when the assertion proves, now and for the first time, that its sender has the client's secret or one of its keys. */
export async function checkAssertion(checks: Checks<OAuthRefusal>, { presented, ...context }: AssertionContext): Promise<void> {
  const { client, services } = context;
  checks.require(presented.type === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', {
    name: 'client_assertion_type is jwt-bearer',
    section: 'RFC 7523 §2.2',
    refusal: invalidAssertion('client_assertion_type is not urn:ietf:params:oauth:client-assertion-type:jwt-bearer.'),
  });
  checks.require(presented.read !== undefined, {
    name: 'the assertion is a compact JWT',
    section: 'RFC 7515 §7.1',
    refusal: invalidAssertion('The client assertion is not a JWT.'),
  });
  const { header, claims } = presented.read;
  checkType(checks, { header, services });
  const keys = checkKeys(checks, { header, client, services });
  checks.require(await isSignedByOne(presented.text, keys), {
    name: 'the signature verifies with a key of the client',
    section: 'RFC 7515 §5.2',
    refusal: invalidAssertion('The signature of the client assertion is invalid.'),
  });
  checkAssertionClaims(checks, { ...context, claims });
}

function checkType(checks: Checks<OAuthRefusal>, { header, services }: { header: Assertion['header']; services: Services }): void {
  const { types } = services.strictness.rfc;
  const type = typeOf(header);
  checks.require(type === undefined || types === 'any' || types.includes(type), {
    name: 'the type, if there is one, is that of a client assertion',
    section: 'RFC 10070 §4',
    refusal: invalidAssertion('The typ of the client assertion is not client-authentication+jwt.'),
  });
}

/** The keys the assertion may be signed with: the header's algorithm says of which kind they are, its key ids which of them. */
function checkKeys(
  checks: Checks<OAuthRefusal>,
  { header, client, services }: { header: Assertion['header']; client: Client; services: Services },
): readonly VerificationKey[] {
  const { alg } = header;
  checks.require(typeof alg === 'string' && (alg === 'HS256' || ASYMMETRIC_ALGORITHMS.includes(alg)), {
    name: 'the algorithm is supported',
    section: 'RFC 8414 §2',
    refusal: invalidAssertion('The alg of the client assertion is not supported.'),
  });
  if (alg === 'HS256') return client.secrets.filter(isLongEnough).map((secret) => ({ key: createSecretKey(secret, 'utf8'), alg }));
  const named = client.certificates.filter((certificate) => isMeant(certificate, header));
  checks.require(named.length > 0, {
    name: 'the key ids, if there are any, are of a registered certificate',
    section: 'RFC 7515 §4.1.4',
    refusal: invalidAssertion('The client assertion names no registered certificate: kid is its x5t#S256.'),
  });
  const nowMs = services.clock.now();
  const valid = named.filter((certificate) => isValidAt(certificate, nowMs));
  checks.require(valid.length > 0, {
    name: 'the certificate is within its validity',
    section: 'RFC 5280 §4.1.2.5',
    refusal: invalidAssertion('The certificate of the client assertion is expired or not valid yet.'),
  });
  return valid.map(({ publicKey: key }) => ({ key, alg }));
}

interface VerificationKey {
  readonly key: KeyObject;
  readonly alg: string;
}

/** RFC 7518 §3.2: a key for HS256 has at least 256 bits. */
function isLongEnough(secret: string): boolean {
  return Buffer.byteLength(secret) >= 32;
}

/** Whether everything in the header that names a certificate names this one; what names none means any. */
function isMeant({ x5t, x5tS256 }: RegisteredCertificate, header: Assertion['header']): boolean {
  const names = { kid: x5tS256, 'x5t#S256': x5tS256, x5t };
  return Object.entries(names).every(([name, value]) => header[name] === undefined || header[name] === value);
}

async function isSignedByOne(text: string, keys: readonly VerificationKey[]): Promise<boolean> {
  for (const { key, alg } of keys) if (await isSignedBy(text, { key, algorithms: [alg] })) return true;
  return false;
}
