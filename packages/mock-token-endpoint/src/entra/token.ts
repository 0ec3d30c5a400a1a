/** Entra's token endpoints for one grant: `POST /{tenant}/oauth2/v2.0/token`, and the older one without `v2.0`. RFC 6749 §4.4.2, RFC 7523 §2.2. */
import { type Checks, judge } from '../checks/checks.ts';
import { type PresentedClient, readPresentedClient } from '../checks/presented-client.ts';
import { rememberClaims } from '../claims-request.ts';
import type { Resource } from '../directory/directory.ts';
import type { Outcome } from '../outcome.ts';
import { type Form, readForm } from '../server/form.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type Grant, issueTokenResponse } from '../tokens.ts';
import type { AadstsRefusal } from './aadsts.ts';
import { type AnswerContext, entraError, entraSuccess } from './answer.ts';
import { checkClient } from './checks/client.ts';
import type { Granted } from './grant.ts';
import { checkTenant } from './tenant.ts';
import { checkForm } from './token-form.ts';
import type { EndpointVersion } from './version.ts';

/** Judges a token request as Entra does and answers in its shape. What it read goes to the journal, whatever the verdict. */
export async function answerTokenRequest(
  request: MockRequest,
  { tenant, version, services }: { tenant: string; version: EndpointVersion; services: Services },
): Promise<Outcome> {
  const form = readForm(request);
  const presented = readPresentedClient(request, form);
  const subject: TokenRequest = { request, services, version, tenant, form, presented };
  const { made: checks, granted, refusal } = await judge<Granted, AadstsRefusal>((checks) => evaluate(checks, subject));
  const context: AnswerContext = {
    request,
    services,
    facts: { tenant, clientId: presented.clientId, scope: form?.get('scope'), resource: form?.get('resource') },
  };
  return {
    ...(refusal
      ? { answer: entraError(refusal, context) }
      : await answerGrant(rememberClaims(version.grant(granted, services), form), context)),
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
  readonly version: EndpointVersion;
  /** The tenant as the path names it. */
  readonly tenant: string;
  readonly form: Form | undefined;
  readonly presented: PresentedClient;
}

async function evaluate(checks: Checks<AadstsRefusal>, subject: TokenRequest): Promise<Granted> {
  const { request, services, version, presented } = subject;
  const { asked, boundTo } = checkForm(checks, subject);
  const tenant = checkTenant(checks, { name: subject.tenant, directory: services.directory });
  const { client, credential } = await checkClient(checks, {
    presented,
    tenant,
    endpoints: [...new Set([subject.tenant, tenant.id])].map((name) => `${request.origin}/${name}/${version.oauthPath}/token`),
    issuer: version.issuerOf(services.authorityHost, tenant.id),
    tlsCertificate: request.clientCertificate,
    services,
  });
  if (boundTo) {
    checks.require(credential === 'certificate', {
      name: 'a bound token is asked for with its certificate',
      section: 'RFC 8705 §3',
      refusal: { aadsts: 9002313, values: { reason: "'token_type=mtls_pop' takes a certificate as credential, not a secret." } },
    });
  }
  const audience = version.readResource(checks, asked);
  const { roles } = checkResource(checks, { audience, services });
  // Entra: without consent the application has no service principal in the tenant, and it is that which gets tokens. Looked at last, so
  // that only who holds the credential learns it.
  checks.require(client.consented, {
    name: 'an administrator has consented to the client',
    section: 'Entra: service principal-less authentication',
    refusal: { aadsts: 7000229 },
  });
  return { tenant, client, audience, roles: roles.filter((role) => client.roles.includes(role)), credential, boundTo };
}

function checkResource(checks: Checks<AadstsRefusal>, { audience, services }: { audience: string; services: Services }): Resource {
  const resource = services.directory.findResource(audience);
  checks.require(resource !== undefined, {
    name: 'the resource is in the tenant',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: 500011, values: { resource: audience } },
  });
  return resource;
}
