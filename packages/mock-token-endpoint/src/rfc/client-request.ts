/** What the endpoints where clients authenticate have in common: a posted form, a client, and an answer that is never stored. */
import { type Checks, judge } from '../checks/checks.ts';
import { readPresentedClient } from '../checks/presented-client.ts';
import type { Client } from '../directory/client.ts';
import type { Outcome } from '../outcome.ts';
import { type Form, readForm } from '../server/form.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type OAuthRefusal, oauthError } from './answer.ts';
import { checkClient } from './client.ts';

/** A request whose form can be read, from a client that has authenticated. */
export interface ClientRequest {
  readonly request: MockRequest;
  readonly services: Services;
  readonly form: Form;
  readonly client: Client;
}

type Success = Pick<Outcome, 'answer' | 'grant'>;

/** Has `succeed` answer a request from an authenticated client. What was read goes to the journal, whatever the verdict. */
export async function answerClientRequest(
  request: MockRequest,
  { services, succeed }: { services: Services; succeed: (checks: Checks<OAuthRefusal>, request: ClientRequest) => Promise<Success> },
): Promise<Omit<Outcome, 'isTokenRequest'>> {
  const received = readForm(request);
  const presented = readPresentedClient(request, received);
  const {
    made: checks,
    granted,
    refusal,
  } = await judge<Success, OAuthRefusal>(async (checks) => {
    const form = checkForm(checks, { request, form: received });
    const client = await checkClient(checks, { presented, request, services });
    return succeed(checks, { request, services, form, client });
  });
  return {
    ...(refusal ? { answer: oauthError(refusal) } : granted),
    checks,
    form: received?.fields,
    assertion: presented.assertion?.read,
    clientId: presented.clientId,
  };
}

/** The shape of the request: RFC 6749 §3.2, which RFC 7009 §2.1 and RFC 7662 §2.1 share. */
function checkForm(checks: Checks<OAuthRefusal>, { request, form }: { request: MockRequest; form: Form | undefined }): Form {
  checks.require(request.method === 'POST', {
    name: 'the method is POST',
    section: 'RFC 6749 §3.2',
    refusal: { error: 'invalid_request', description: `The method is ${request.method}: use POST.` },
  });
  checks.require(form !== undefined, {
    name: 'the body is a form',
    section: 'RFC 6749 §4.4.2',
    refusal: { error: 'invalid_request', description: 'The content type is not application/x-www-form-urlencoded.' },
  });
  // RFC 8707 §2 lets this one parameter come several times.
  const repeated = Object.keys(form.fields).find((name) => name !== 'resource' && form.all(name).length > 1);
  checks.require(repeated === undefined, {
    name: 'no parameter is repeated',
    section: 'RFC 6749 §3.2',
    refusal: { error: 'invalid_request', description: `The parameter ${repeated} is repeated.` },
  });
  return form;
}
