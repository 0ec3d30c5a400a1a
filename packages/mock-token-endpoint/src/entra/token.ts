/** Entra's token endpoint for one grant: `POST /{tenant}/oauth2/v2.0/token`. RFC 6749 §4.4.2, RFC 7523 §2.2. */
import { type Checks, judge } from '../checks/checks.ts';
import { checkClient } from '../checks/client.ts';
import { type PresentedClient, readPresentedClient } from '../checks/presented-client.ts';
import { readResource } from '../checks/scope.ts';
import type { Tenant } from '../directory/directory.ts';
import type { Outcome } from '../outcome.ts';
import { type Form, readForm } from '../server/form.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type Grant, issueTokenResponse } from '../tokens.ts';
import { type AadstsRefusal, missingParameter } from './aadsts.ts';
import { type AnswerContext, entraError, entraSuccess } from './answer.ts';
import { type Granted, grantV2, issuerOf } from './grant.ts';

/** Judges a token request as Entra does and answers in its shape. What it read goes to the journal, whatever the verdict. */
export async function answerTokenRequest(
  request: MockRequest,
  { tenant, services }: { tenant: string; services: Services },
): Promise<Outcome> {
  const form = readForm(request);
  const presented = readPresentedClient(request, form);
  const {
    made: checks,
    granted,
    refusal,
  } = await judge<Granted, AadstsRefusal>((checks) => evaluate(checks, { request, services, tenant, form, presented }));
  const context: AnswerContext = { request, services, facts: { tenant, clientId: presented.clientId, scope: form?.get('scope') } };
  return {
    ...(refusal ? { answer: entraError(refusal, context) } : await answerGrant(grantV2(granted, services), context)),
    checks,
    isTokenRequest: true,
    form: form?.fields,
    assertion: presented.assertion?.read,
    tenant,
    clientId: presented.clientId,
  };
}

async function answerGrant(grant: Grant, context: AnswerContext): Promise<Pick<Outcome, 'answer' | 'grant'>> {
  return { answer: entraSuccess(await issueTokenResponse(grant, context.services), context), grant };
}

interface TokenRequest {
  readonly request: MockRequest;
  readonly services: Services;
  /** The tenant as the path names it. */
  readonly tenant: string;
  readonly form: Form | undefined;
  readonly presented: PresentedClient;
}

async function evaluate(checks: Checks<AadstsRefusal>, subject: TokenRequest): Promise<Granted> {
  const { request, services, presented } = subject;
  const { directory, clock, replays, authorityHost } = services;
  const scope = checkForm(checks, subject);
  const tenant = checkTenant(checks, subject);
  const { client, credential } = await checkClient(checks, {
    presented,
    tenant,
    audiences: [`${request.origin}/${subject.tenant}/oauth2/v2.0/token`, issuerOf(authorityHost, tenant.id)],
    nowMs: clock.now(),
    replays,
  });
  const audience = readResource(checks, scope);
  const resource = directory.findResource(audience);
  checks.require(resource !== undefined, {
    name: 'the resource is in the tenant',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: 500011, values: { resource: audience } },
  });
  return { tenant, client, audience, roles: resource.roles.filter((role) => client.roles.includes(role)), credential };
}

/** The shape of the request, RFC 6749 §3.2 and §4.4.2; returns its scope. */
function checkForm(checks: Checks<AadstsRefusal>, { request, form }: TokenRequest): string {
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
    refusal: { aadsts: 9002313, values: { reason: `The parameter '${form.repeated}' is repeated.` } },
  });
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
  checks.require(form.get('resource') === undefined, {
    name: 'the resource is named by scope',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: 901002 },
  });
  const scope = form.get('scope');
  checks.require(scope !== undefined, {
    name: 'scope is present',
    section: 'Entra: client credentials flow',
    refusal: missingParameter('scope'),
  });
  return scope;
}

/** The tenant must be one tenant: an application has no home among all of them. */
function checkTenant(checks: Checks<AadstsRefusal>, { tenant: name, services }: TokenRequest): Tenant {
  checks.require(!SHARED.has(name.toLowerCase()), {
    name: 'the tenant is a single one',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: name.toLowerCase() === 'organizations' ? 50059 : 9001023 },
  });
  const tenant = services.directory.findTenant(name);
  checks.require(tenant !== undefined, {
    name: 'the tenant is a GUID or a domain name',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: 900023 },
  });
  return tenant;
}

// The GUID is the tenant of personal accounts.
const SHARED: ReadonlySet<string> = new Set(['common', 'organizations', 'consumers', '9188040d-6c67-4c5b-b112-36a304b66dad']);
