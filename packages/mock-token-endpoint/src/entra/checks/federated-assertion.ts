/** Judges the token of another issuer that a client presents in place of an assertion of its own. Entra: workload identity federation. */
import type { KeyObject } from 'node:crypto';
import { type Assertion, textOf } from '../../assertion.ts';
import type { Checks } from '../../checks/checks.ts';
import { isSignedBy } from '../../checks/signature.ts';
import type { Client } from '../../directory/client.ts';
import { isGuid } from '../../guid.ts';
import type { MockFederatedCredential } from '../../options.ts';
import type { Services } from '../../services.ts';
import type { AadstsRefusal } from '../aadsts.ts';
import { issuerOf } from '../grant.ts';
import { checkClaimsPresent, readAudience } from './assertion.ts';
import { checkPeriod } from './assertion-times.ts';

interface FederatedContext {
  readonly assertion: Assertion;
  /** The compact form, for the signature. */
  readonly text: string;
  readonly client: Pick<Client, 'federatedCredentials'>;
  readonly services: Pick<Services, 'authorityHost' | 'signingKey' | 'platform' | 'clock'>;
}

/**
 * Passes for a token that one of the client's federated credentials describes, signed by its issuer and within its time. It may be long
 * and come again, with any `typ`: it was not made for this request.
 */
export async function checkFederatedAssertion(
  checks: Checks<AadstsRefusal>,
  { assertion, text, client, services }: FederatedContext,
): Promise<void> {
  const { header, claims } = assertion;
  checks.require(ALGORITHMS.includes(textOf(header['alg'])), {
    name: 'the algorithm is RS256, RS384 or RS512',
    section: 'Entra: workload identity federation',
    refusal: { aadsts: 5002738, values: { algorithm: textOf(header['alg']), supported: ALGORITHMS.join(',') } },
  });
  checkClaimsPresent(checks, claims);
  const presented = { issuer: claims['iss'], subject: claims['sub'], audience: readAudience(checks, claims) };
  checkCredential(checks, { presented, credentials: client.federatedCredentials });
  await checkIssuer(checks, { claims, text, services });
  checkPeriod(checks, { claims, nowMs: services.clock.now() });
}

type PresentedCredential = Readonly<Record<keyof MockFederatedCredential, unknown>>;

/** Issuer, then subject, then audience: the first that no credential has is the one to name. Each is compared in every character. */
function checkCredential(
  checks: Checks<AadstsRefusal>,
  { presented, credentials }: { presented: PresentedCredential; credentials: readonly MockFederatedCredential[] },
): void {
  const values = { issuer: textOf(presented.issuer), subject: textOf(presented.subject), audience: textOf(presented.audience) };
  checks.require(credentials.length > 0, {
    name: 'the client has a federated credential',
    section: 'Entra: workload identity federation',
    refusal: { aadsts: 70021, values },
  });
  let matching = credentials;
  for (const { member, aadsts } of COMPARED) {
    matching = matching.filter((credential) => credential[member] === presented[member]);
    checks.require(matching.length > 0, {
      name: `the ${member} is that of a federated credential`,
      section: 'Entra: workload identity federation',
      refusal: { aadsts, values },
    });
  }
}

const COMPARED: readonly { readonly member: keyof MockFederatedCredential; readonly aadsts: number }[] = [
  { member: 'issuer', aadsts: 700211 },
  { member: 'subject', aadsts: 700213 },
  { member: 'audience', aadsts: 700212 },
];

async function checkIssuer(
  checks: Checks<AadstsRefusal>,
  { claims, text, services }: { claims: Assertion['claims']; text: string; services: FederatedContext['services'] },
): Promise<void> {
  const isOurs = isTenantIssuer(claims['iss'], services.authorityHost);
  const key = isOurs ? services.signingKey.publicKey : externalKeyOf(claims['iss'], services);
  checks.require(key !== undefined, {
    name: 'the keys of the issuer are known',
    section: 'Entra: workload identity federation',
    refusal: { aadsts: 700027, values: { reason: 'The key was not found.' } },
  });
  checks.require(await isSignedBy(text, { key, algorithms: ALGORITHMS }), {
    name: 'the signature verifies with a key of the issuer',
    section: 'RFC 7515 §5.2',
    refusal: { aadsts: 700027, values: { reason: 'The provided signature value did not match the expected signature value.' } },
  });
  checks.require(!isOurs || claims['idtyp'] === 'app', {
    name: 'a token of this server is app-only',
    section: 'Entra: workload identity federation',
    refusal: { aadsts: 700229 },
  });
}

/** Whether the issuer is a tenant of this mock: all of them sign with one key. */
function isTenantIssuer(issuer: unknown, authorityHost: string): boolean {
  const tenantId = textOf(issuer).split('/', 4)[3] ?? '';
  return isGuid(tenantId) && issuer === issuerOf(authorityHost, tenantId);
}

/** No key is ever fetched: an issuer that is not the mock's own is unknown, whatever a credential says. */
function externalKeyOf(issuer: unknown, { platform }: Pick<Services, 'platform'>): KeyObject | undefined {
  return issuer === platform.externalIssuer ? platform.externalKey.publicKey : undefined;
}

const ALGORITHMS: readonly string[] = ['RS256', 'RS384', 'RS512'];
