/** Judges a client assertion as Entra does, by the rules of the profile: header, claims, signature, times, audience, reuse. RFC 7523 §3. */
import type { X509Certificate } from 'node:crypto';
import { type Assertion, textOf, typeOf } from '../../assertion.ts';
import type { Checks } from '../../checks/checks.ts';
import type { Client } from '../../directory/client.ts';
import type { Tenant } from '../../directory/directory.ts';
import type { Services } from '../../services.ts';
import type { AssertionRules } from '../../strictness.ts';
import type { AadstsRefusal } from '../aadsts.ts';
import { checkSignature } from './assertion-signature.ts';
import { checkLifetime, checkPeriod } from './assertion-times.ts';
import { checkSameCertificate } from './tls-certificate.ts';

/** What an assertion is judged against. */
interface AssertionContext {
  readonly assertion: Assertion;
  /** The compact form, for the signature. */
  readonly text: string;
  readonly tenant: Pick<Tenant, 'id'>;
  readonly client: Client;
  /** The token endpoint by the name in the path, and by the tenant's GUID. */
  readonly endpoints: readonly string[];
  readonly issuer: string;
  /** What the client showed in the TLS handshake. */
  readonly tlsCertificate: X509Certificate | undefined;
  readonly services: Services;
}

/** Passes when the assertion proves, now and for the first time, that its sender holds the key of a registered certificate: that of the connection, if it has one. */
export async function checkAssertion(
  checks: Checks<AadstsRefusal>,
  { assertion, text, tenant, client, endpoints, issuer, tlsCertificate, services }: AssertionContext,
): Promise<void> {
  const { header, claims } = assertion;
  const { clock, replays, strictness } = services;
  const rules = strictness.entra;
  const nowMs = clock.now();
  checkHeader(checks, { header, rules });
  checkClaimsPresent(checks, claims);
  checkSubject(checks, { claims, clientId: client.id });
  const signer = await checkSignature(checks, { header, text, certificates: client.certificates, nowMs, rules });
  if (tlsCertificate) checkSameCertificate(checks, { certificate: tlsCertificate, signer });
  const period = checkPeriod(checks, { claims, nowMs });
  checkLifetime(checks, { ...period, nowMs, longestSeconds: rules.longestSeconds });
  checkAudience(checks, { claims, rules, expected: rules.audiences === 'issuer' ? [issuer] : [...endpoints, issuer] });
  // Last, so that an assertion refused for anything else has not been used. Entra documents no code for a reused `jti`: this is the
  // general one for an unusable JWT, with the reason in words.
  const { jti } = claims;
  checks.require(jti === undefined || typeof jti === 'string', {
    name: 'the jti is a string',
    section: 'RFC 7519 §4.1.7',
    refusal: { aadsts: 50027, values: { reason: "The 'jti' of the client assertion is not a string." } },
  });
  const isNew = (id: string) => replays.use([tenant.id, client.id, id], { nowMs, expiresAtMs: period.acceptableUntilMs });
  checks.require(!rules.onceOnly || jti === undefined || isNew(jti), {
    name: 'the jti has not been used before',
    section: 'RFC 7523 §3',
    refusal: { aadsts: 50027, values: { reason: "The 'jti' of the client assertion has been used before." } },
  });
}

/** Passes when no claim is missing that every assertion has. */
export function checkClaimsPresent(checks: Checks<AadstsRefusal>, claims: Assertion['claims']): void {
  for (const name of ['iss', 'sub', 'aud', 'exp']) {
    checks.require(claims[name] !== undefined, {
      name: `the claim ${name} is present`,
      section: 'RFC 7523 §3',
      refusal: { aadsts: 90014, values: { name } },
    });
  }
}

/** The one audience, alone or in a list of one. */
export function readAudience(checks: Checks<AadstsRefusal>, claims: Assertion['claims']): unknown {
  const audiences = [claims['aud']].flat();
  checks.require(audiences.length === 1, {
    name: 'the assertion has one audience',
    section: 'RFC 7523 §3',
    refusal: { aadsts: 5002741, values: { count: String(audiences.length) } },
  });
  return audiences[0];
}

function checkHeader(checks: Checks<AadstsRefusal>, { header, rules }: { header: Assertion['header']; rules: AssertionRules }): void {
  const { alg } = header;
  const type = typeOf(header);
  const { types, needsThumbprint } = rules;
  if (types !== 'any') {
    checks.require(type === undefined || types.includes(type), {
      name: `the header type is ${types[0]}`,
      section: 'RFC 7519 §5.1',
      refusal: { aadsts: 5002727, values: { types: types.join("', '") } },
    });
  }
  checks.require(alg === 'PS256' || alg === 'RS256', {
    name: 'the algorithm is PS256 or RS256',
    section: 'RFC 7515 §4.1.1',
    refusal: { aadsts: 5002738, values: { algorithm: textOf(alg), supported: 'PS256,RS256' } },
  });
  checks.require(!needsThumbprint || ['x5t#S256', 'x5t', 'kid'].some((name) => typeof header[name] === 'string'), {
    name: 'the header names a certificate',
    section: 'RFC 7515 §4.1.7',
    refusal: { aadsts: 5002723 },
  });
}

function checkSubject(checks: Checks<AadstsRefusal>, { claims, clientId }: { claims: Assertion['claims']; clientId: string }): void {
  checks.require(claims['iss'] === claims['sub'], {
    name: 'iss equals sub',
    section: 'RFC 7523 §3',
    refusal: { aadsts: 50048 },
  });
  checks.require(textOf(claims['sub']).toLowerCase() === clientId.toLowerCase(), {
    name: 'sub equals client_id',
    section: 'RFC 7521 §4.2',
    refusal: { aadsts: 700021 },
  });
}

function checkAudience(
  checks: Checks<AadstsRefusal>,
  { claims, rules, expected }: { claims: Assertion['claims']; rules: AssertionRules; expected: readonly string[] },
): void {
  const audience = readAudience(checks, claims);
  checks.require(
    expected.some((each) => each === audience),
    {
      name: `the audience is this server's ${rules.audiences}`,
      section: 'RFC 7523 §3',
      refusal: { aadsts: 700023, values: { expected: expected.join("' or '") } },
    },
  );
}
