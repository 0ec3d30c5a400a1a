/** Judges a client assertion as Entra does: header, claims, signature, times, audience, reuse. RFC 7523 §3. */
import type { Assertion } from '../assertion.ts';
import type { Client } from '../directory/directory.ts';
import type { AadstsRefusal } from '../entra/aadsts.ts';
import { checkSignature } from './assertion-signature.ts';
import { checkTimes } from './assertion-times.ts';
import type { Checks } from './checks.ts';
import type { ReplayStore } from './replay.ts';

/** What an assertion is judged against. */
interface AssertionContext {
  readonly assertion: Assertion;
  /** The compact form, for the signature. */
  readonly text: string;
  readonly client: Client;
  /** The values of `aud` that name this server. */
  readonly audiences: readonly string[];
  readonly nowMs: number;
  readonly replays: ReplayStore;
}

/** Passes when the assertion proves, now and for the first time, that its sender holds the key of one of the client's certificates. */
export async function checkAssertion(
  checks: Checks<AadstsRefusal>,
  { assertion, text, client, audiences, nowMs, replays }: AssertionContext,
): Promise<void> {
  const { header, claims } = assertion;
  checkHeader(checks, header);
  checkSubject(checks, { claims, clientId: client.id });
  await checkSignature(checks, { header, text, certificates: client.certificates, nowMs });
  const acceptableUntilMs = checkTimes(checks, { claims, nowMs });
  checkAudience(checks, { claims, expected: audiences });
  // Last, so that an assertion refused for anything else has not been used. Entra documents no code for a reused `jti`: this is the
  // general one for an unusable JWT, with the reason in words.
  const { jti } = claims;
  checks.require(jti === undefined || replays.use([client.id, String(jti)], { nowMs, expiresAtMs: acceptableUntilMs }), {
    name: 'the jti has not been used before',
    section: 'RFC 7523 §3',
    refusal: { aadsts: 50027, values: { reason: "The 'jti' of the client assertion has been used before." } },
  });
}

function checkHeader(checks: Checks<AadstsRefusal>, header: Assertion['header']): void {
  const { alg, typ } = header;
  checks.require(typ === undefined || String(typ).toUpperCase() === 'JWT', {
    name: 'the header type is JWT',
    section: 'RFC 7519 §5.1',
    refusal: { aadsts: 5002727 },
  });
  checks.require(alg === 'PS256' || alg === 'RS256', {
    name: 'the algorithm is PS256 or RS256',
    section: 'RFC 7515 §4.1.1',
    refusal: { aadsts: 5002738, values: { algorithm: String(alg) } },
  });
  checks.require(
    ['x5t#S256', 'x5t', 'kid'].some((name) => typeof header[name] === 'string'),
    {
      name: 'the header names a certificate',
      section: 'RFC 7515 §4.1.7',
      refusal: { aadsts: 5002723 },
    },
  );
}

function checkSubject(checks: Checks<AadstsRefusal>, { claims, clientId }: { claims: Assertion['claims']; clientId: string }): void {
  for (const name of ['iss', 'sub', 'aud', 'exp']) {
    checks.require(claims[name] !== undefined, {
      name: `the claim ${name} is present`,
      section: 'RFC 7523 §3',
      refusal: { aadsts: 90014, values: { name } },
    });
  }
  checks.require(claims['iss'] === claims['sub'], {
    name: 'iss equals sub',
    section: 'RFC 7523 §3',
    refusal: { aadsts: 50048 },
  });
  checks.require(String(claims['sub']).toLowerCase() === clientId, {
    name: 'sub equals client_id',
    section: 'RFC 7521 §4.2',
    refusal: { aadsts: 700021 },
  });
}

function checkAudience(
  checks: Checks<AadstsRefusal>,
  { claims, expected }: { claims: Assertion['claims']; expected: readonly string[] },
): void {
  const audiences = [claims['aud']].flat();
  checks.require(audiences.length === 1, {
    name: 'the assertion has one audience',
    section: 'RFC 7523 §3',
    refusal: { aadsts: 5002741, values: { count: String(audiences.length) } },
  });
  const isExpected = expected.some((each) => each === audiences[0]);
  checks.require(isExpected, {
    name: 'the audience is this token endpoint',
    section: 'RFC 7523 §3',
    refusal: { aadsts: 700023, values: { expected: expected.join("' or '") } },
  });
}
