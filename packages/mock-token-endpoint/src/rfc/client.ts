/** Judges who the client is and whether it can prove that. RFC 6749 §2.3, RFC 7523 §2.2, RFC 8705 §2. */
import type { Checks } from '../checks/checks.ts';
import type { PresentedClient } from '../checks/presented-client.ts';
import { isOneOf } from '../checks/secret.ts';
import type { Client } from '../directory/client.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { OAuthRefusal } from './answer.ts';
import { checkAssertion } from './assertion.ts';
import { checkTlsClient } from './tls-client.ts';

/** What a client is judged against. */
interface ClientContext {
  readonly presented: PresentedClient;
  readonly request: MockRequest;
  readonly services: Services;
}

/** Passes when the client uses one method, is registered, and the credential is its own. */
export async function checkClient(checks: Checks<OAuthRefusal>, { presented, request, services }: ClientContext): Promise<Client> {
  const { assertion, methods, secret } = presented;
  // Beside another method the certificate of the connection is no credential: it binds the token, no more. RFC 8705 §3.
  const certificate = methods.length === 0 ? request.clientCertificate : undefined;
  const client = checkRegistration(checks, { presented, isAnonymous: methods.length === 0 && !certificate, services });
  if (certificate) {
    checkTlsClient(checks, { certificate, client, services });
  } else if (assertion) {
    await checkAssertion(checks, { presented: assertion, client, request, services });
  } else {
    checks.require(isOneOf(secret, client.secrets), {
      name: `the secret is registered for the client (${methods[0]})`,
      section: 'RFC 6749 §2.3.1',
      refusal: { error: 'invalid_client', description: 'The client secret is wrong.' },
    });
  }
  return client;
}

function checkRegistration(
  checks: Checks<OAuthRefusal>,
  { presented, isAnonymous, services }: Pick<ClientContext, 'presented' | 'services'> & { isAnonymous: boolean },
): Client {
  const { clientId, consistent, methods } = presented;
  checks.require(methods.length <= 1, {
    name: 'one method of client authentication is used',
    section: 'RFC 6749 §2.3',
    refusal: { error: 'invalid_request', description: `The client authenticates in ${methods.length} ways: ${methods.join(', ')}.` },
  });
  checks.require(!isAnonymous, {
    name: 'the client presents a credential',
    section: 'RFC 6749 §4.4',
    refusal: { error: 'invalid_client', description: 'The request has no client authentication.' },
  });
  checks.require(clientId !== undefined, {
    name: 'the client is named',
    section: 'RFC 6749 §3.2.1',
    refusal: { error: 'invalid_client', description: 'The client is not named: send client_id, or a well-formed Basic header.' },
  });
  checks.require(consistent, {
    name: 'the body and the Basic header name the same client',
    section: 'RFC 6749 §2.3.1',
    refusal: { error: 'invalid_request', description: 'client_id is not the client of the Basic header.' },
  });
  const client = services.directory.findClient(clientId);
  checks.require(client !== undefined, {
    name: 'the client is registered',
    section: 'RFC 6749 §2.2',
    refusal: { error: 'invalid_client', description: `No client is registered as ${clientId}.` },
  });
  checks.require(!client.disabled, {
    name: 'the client is enabled',
    section: 'RFC 6749 §5.2',
    refusal: { error: 'invalid_client', description: 'The client is disabled.' },
  });
  return client;
}
