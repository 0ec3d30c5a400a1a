/** A platform's endpoint for managed identities: one GET with a resource in, an access token out. Entra: how managed identities work. */
import { type Checks, judge } from '../checks/checks.ts';
import { fillMessage, findAadsts } from '../entra/aadsts.ts';
import { grantV2 } from '../entra/grant.ts';
import type { Outcome } from '../outcome.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type Grant, issueTokenResponse } from '../tokens.ts';
import { findIdentity, type IdentityParameters, type ManagedIdentity } from './managed-identity.ts';

/** How one platform's endpoint differs from another's. */
export interface IdentityPlatform {
  /** The page that says so. */
  readonly section: string;
  /** The values of `api-version` it takes. */
  readonly versions: readonly string[];
  readonly identityParameters: IdentityParameters;
  /** Judges what the platform wants to see before it reads the query. */
  admit(checks: Checks<PlatformRefusal>, context: PlatformContext): Promise<void> | void;
  /** What stands beside `access_token`. */
  members(facts: TokenFacts): Readonly<Record<string, string>>;
  refuse(refusal: PlatformRefusal, services: Services): Answer;
}

export interface PlatformContext {
  readonly request: MockRequest;
  readonly services: Services;
}

/** A refusal before it is put into a platform's shape. */
export interface PlatformRefusal {
  readonly status: number;
  readonly error: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A token's facts under their wire names. These platforms write numbers as strings. */
export interface TokenFacts {
  readonly token_type: string;
  readonly resource: string;
  readonly client_id: string;
  readonly expires_in: string;
  readonly ext_expires_in: string;
  /** Epoch seconds, as is `not_before`. */
  readonly expires_on: string;
  readonly not_before: string;
}

/** Judges a request for a managed identity's token. A rule can have it answered otherwise; the queue of token answers is not for it. */
export async function answerIdentityRequest(platform: IdentityPlatform, { request, services }: PlatformContext): Promise<Outcome> {
  const verdict = await judge<AskedToken, PlatformRefusal>((checks) => evaluate(checks, { platform, request, services }));
  const common = { checks: verdict.made, isTokenRequest: false, tenant: services.platform.tenantId };
  if (verdict.refusal) {
    return { ...common, answer: platform.refuse(verdict.refusal, services), clientId: request.query.get('client_id') ?? undefined };
  }
  const grant = grantIdentity(verdict.granted, { platform, services });
  const { members, claims } = await issueTokenResponse(grant, services);
  return {
    ...common,
    answer: { status: 200, headers: { 'cache-control': 'no-store' }, body: members, tokenClaims: claims },
    clientId: verdict.granted.identity.clientId,
    grant,
  };
}

/** What was asked for, and was found to be right. */
interface AskedToken {
  readonly identity: ManagedIdentity;
  /** As the request named it; it becomes `aud`. */
  readonly resource: string;
  readonly roles: readonly string[];
}

async function evaluate(
  checks: Checks<PlatformRefusal>,
  { platform, request, services }: PlatformContext & { readonly platform: IdentityPlatform },
): Promise<AskedToken> {
  const { query } = request;
  const { section, versions, identityParameters: parameters } = platform;
  checks.require(request.method === 'GET', {
    name: 'the method is GET',
    section,
    refusal: { status: 405, error: 'invalid_request', message: `The method is ${request.method}: use GET.`, headers: { allow: 'GET' } },
  });
  await platform.admit(checks, { request, services });
  const version = query.get('api-version') ?? '';
  checks.require(versions.includes(version), {
    name: `api-version is ${versions.join(' or ')}`,
    section,
    refusal: badRequest(`The query variable 'api-version' is '${version}': use ${versions.join(' or ')}.`),
  });
  const [resource = '', ...others] = query.getAll('resource');
  checks.require(resource !== '' && others.length === 0, {
    name: 'resource is present, once',
    section,
    refusal: badRequest("The query variable 'resource' must be given once."),
  });
  const foreign = [...query.keys()].find((name) => IDENTITY_PARAMETERS.includes(name) && !(name in parameters));
  checks.require(foreign === undefined, {
    name: 'an identity is named as this platform names them',
    section,
    refusal: badRequest(`The query variable '${foreign}' names no identity on this platform.`),
  });
  const identity = findIdentity(services.platform.identities, { query, parameters });
  checks.require(identity !== undefined, { name: 'the identity is assigned', section, refusal: badRequest('Identity not found') });
  const { roles } = checkResource(checks, { resource, services });
  return { identity, resource, roles };
}

/** The token service behind every platform is Entra, which refuses in its own words. */
function checkResource(
  checks: Checks<PlatformRefusal>,
  { resource, services }: { resource: string; services: Services },
): { readonly roles: readonly string[] } {
  const found = services.directory.findResource(resource);
  const { error, status, message } = findAadsts(UNKNOWN_RESOURCE);
  const values = { resource, tenant: services.platform.tenantId };
  checks.require(found !== undefined, {
    name: 'the resource is in the tenant',
    section: 'Entra: client credentials flow',
    refusal: { status, error, message: `AADSTS${UNKNOWN_RESOURCE}: ${fillMessage(message, values)}` },
  });
  return found;
}

function badRequest(message: string): PlatformRefusal {
  return { status: 400, error: 'invalid_request', message };
}

function grantIdentity(
  { identity, resource, roles }: AskedToken,
  { platform, services }: { platform: IdentityPlatform; services: Services },
): Grant {
  const grant = grantV2(
    { tenant: { id: services.platform.tenantId }, client: { id: identity.clientId }, audience: resource, roles, credential: 'certificate' },
    services,
  );
  const lifetime = String(services.tokenLifetimeSeconds);
  const members = platform.members({
    token_type: 'Bearer',
    resource,
    client_id: identity.clientId,
    expires_in: lifetime,
    ext_expires_in: lifetime,
    expires_on: String(grant.claims['exp']),
    not_before: String(grant.claims['nbf']),
  });
  return { ...grant, members };
}

const UNKNOWN_RESOURCE = 500011;
/** By which the platforms, taken together, name identities. */
const IDENTITY_PARAMETERS: readonly string[] = ['client_id', 'object_id', 'principal_id', 'msi_res_id', 'mi_res_id'];
