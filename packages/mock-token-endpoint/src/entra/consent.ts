/** The page on which an administrator consents to an application: `GET /{tenant}/v2.0/adminconsent`, and the older one without `v2.0`. Entra: admin consent. */

import { type Checks, judge } from '../checks/checks.ts';
import type { Consent, Tenant } from '../directory/directory.ts';
import type { Outcome } from '../outcome.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type AadstsRefusal, missingParameter } from './aadsts.ts';
import { type AnswerContext, entraErrorParameters } from './answer.ts';
import { requireClient } from './checks/registered-client.ts';
import { readResource } from './checks/scope.ts';
import { LOOPBACK_NAMES } from './loopback.ts';
import { checkTenantName, isSharedTenant } from './tenant.ts';

/** What differs between the two pages. */
interface ConsentVersion {
  /** The name for whichever tenant the administrator is of; here that is the mock's own. */
  readonly ownTenant: string;
  /** Whether the request names what is consented to; otherwise it is all that the application is registered for. */
  readonly hasScope: boolean;
  /** Whether a refusal says `admin_consent=True` too, which therefore means nothing. */
  readonly marksRefusals: boolean;
}

export const CONSENT_V1: ConsentVersion = { ownTenant: 'common', hasScope: false, marksRefusals: false };
export const CONSENT_V2: ConsentVersion = { ownTenant: 'organizations', hasScope: true, marksRefusals: true };

interface ConsentContext {
  /** As the path names it. */
  readonly tenant: string;
  readonly version: ConsentVersion;
  readonly services: Services;
}

/** Consents at once, in an administrator's place, and sends the browser back with the result, whichever it is. */
export async function answerConsentRequest(request: MockRequest, { tenant, version, services }: ConsentContext): Promise<Outcome> {
  const { query } = request;
  const destination = readDestination(query);
  const subject: ConsentRequest = { query, destination, tenant, version, services };
  const { made, granted, refusal } = await judge<Consent, AadstsRefusal>((checks) => evaluate(checks, subject));
  const clientId = query.get('client_id') || undefined;
  const facts = { tenant, clientId, scope: query.get('scope') ?? undefined };
  const parameters = granted ? grantedParameters(granted, subject) : refusedParameters(refusal, { request, services, facts, version });
  const answer = destination ? redirectTo(destination, { ...parameters, state: query.get('state') }) : page(parameters);
  return {
    answer: { ...answer, consent: granted },
    checks: made,
    isTokenRequest: false,
    tenant,
    clientId,
  };
}

interface ConsentRequest {
  readonly query: URLSearchParams;
  readonly destination: URL | undefined;
  readonly tenant: string;
  readonly version: ConsentVersion;
  readonly services: Services;
}

function evaluate(checks: Checks<AadstsRefusal>, subject: ConsentRequest): Consent {
  const { query, destination, version, services } = subject;
  checks.require(destination !== undefined, {
    name: 'the redirect URI is one of this machine',
    section: 'RFC 6749 §3.1.2',
    refusal: { aadsts: 50011 },
  });
  const repeated = ['client_id', 'scope', 'state'].find((name) => query.getAll(name).length > 1);
  checks.require(repeated === undefined, {
    name: 'no parameter is repeated',
    section: 'RFC 6749 §3.1',
    refusal: { aadsts: 9002313, values: { reason: `The parameter '${repeated}' is repeated.` } },
  });
  const tenant = findTenant(checks, subject);
  const client = requireClient(checks, { tenant, clientId: requireParameter(checks, { query, name: 'client_id' }) });
  if (version.hasScope) checkScope(checks, { scope: requireParameter(checks, { query, name: 'scope' }), services });
  return { tenantId: tenant.id, clientId: client.id };
}

function findTenant(checks: Checks<AadstsRefusal>, { tenant, version, services }: ConsentRequest): Tenant {
  const isOwn = tenant.toLowerCase() === version.ownTenant;
  checks.require(isOwn || !isSharedTenant(tenant), {
    name: `the tenant is a single one or ${version.ownTenant}`,
    section: 'Entra: admin consent',
    refusal: { aadsts: 90130 },
  });
  return checkTenantName(checks, { name: isOwn ? services.platform.tenantId : tenant, directory: services.directory });
}

function requireParameter(checks: Checks<AadstsRefusal>, { query, name }: { query: URLSearchParams; name: string }): string {
  const value = query.get(name) || undefined;
  checks.require(value !== undefined, {
    name: `${name} is present`,
    section: 'Entra: admin consent',
    refusal: missingParameter(name),
  });
  return value;
}

/** Application permissions are consented to as a whole, by one `{resource}/.default`. */
function checkScope(checks: Checks<AadstsRefusal>, { scope, services }: { scope: string; services: Services }): void {
  const resource = readResource(checks, scope);
  checks.require(services.directory.findResource(resource) !== undefined, {
    name: 'the resource is in the tenant',
    section: 'Entra: admin consent',
    refusal: { aadsts: 500011, values: { resource } },
  });
}

/**
 * Where the browser goes back to. Only to this machine: whoever can name any place here makes of a trusted host a way to a foreign one.
 * RFC 6749 §3.1.2: absolute, and without a fragment.
 */
function readDestination(query: URLSearchParams): URL | undefined {
  const [uri = '', ...others] = query.getAll('redirect_uri');
  if (others.length > 0 || uri.includes('#') || !URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  return (url.protocol === 'https:' || url.protocol === 'http:') && LOOPBACK_NAMES.includes(url.hostname) ? url : undefined;
}

type Parameters = Readonly<Record<string, string | null>>;

function grantedParameters({ tenantId }: Consent, { query, version }: ConsentRequest): Parameters {
  return { admin_consent: 'True', tenant: tenantId, scope: version.hasScope ? query.get('scope') : null };
}

function refusedParameters(refusal: AadstsRefusal, { version, ...context }: AnswerContext & { version: ConsentVersion }): Parameters {
  return { ...entraErrorParameters(refusal, context), admin_consent: version.marksRefusals ? 'True' : null };
}

/** Adds what is not empty to the parameters that the URI has. */
function redirectTo(destination: URL, parameters: Parameters): Answer {
  const url = new URL(destination);
  for (const [name, value] of Object.entries(parameters)) {
    if (value) url.searchParams.append(name, value);
  }
  return { status: 302, headers: { location: url.href, 'cache-control': 'no-store' } };
}

/** What the administrator reads when there is nowhere to go back to. As plain text, since it repeats what the request said. */
function page({ error_description }: Parameters): Answer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
  return { status: 400, headers, body: `${error_description}\n` };
}
