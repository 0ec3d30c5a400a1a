/** Judges who the client is and whether it can prove that. RFC 6749 §2.3, RFC 7523 §2.2. */

import type { X509Certificate } from 'node:crypto';
import { isFederated } from '../../assertion.ts';
import type { Checks } from '../../checks/checks.ts';
import type { PresentedAssertion, PresentedClient } from '../../checks/presented-client.ts';
import type { Client } from '../../directory/client.ts';
import type { Tenant } from '../../directory/directory.ts';
import type { Services } from '../../services.ts';
import { type AadstsRefusal, missingParameter } from '../aadsts.ts';
import { checkAssertion } from './assertion.ts';
import { checkFederatedAssertion } from './federated-assertion.ts';
import { requireClient } from './registered-client.ts';
import { checkSecret } from './secret.ts';
import { checkSameCertificate, checkTlsCertificate } from './tls-certificate.ts';

/** What a client is judged against. */
interface ClientContext {
  readonly presented: PresentedClient;
  readonly tenant: Tenant;
  /** The token endpoint, by the tenant's name in the path and by its GUID; and the tenant's issuer. Each can be an assertion's audience. */
  readonly endpoints: readonly string[];
  readonly issuer: string;
  /** What the client showed in the TLS handshake. */
  readonly tlsCertificate: X509Certificate | undefined;
  readonly services: Services;
}

export interface AuthenticatedClient {
  readonly client: Client;
  /** A federated assertion stands in a certificate's place. */
  readonly credential: 'secret' | 'certificate';
}

/** Passes when the client presents one credential, is registered in the tenant, and the credential is its own. */
export async function checkClient(checks: Checks<AadstsRefusal>, context: ClientContext): Promise<AuthenticatedClient> {
  const { presented, tlsCertificate, services } = context;
  const client = checkRegistration(checks, context);
  if (presented.assertion) {
    await checkPresentedAssertion(checks, { ...context, client, assertion: presented.assertion });
    return { client, credential: 'certificate' };
  }
  if (presented.methods.length === 0 && tlsCertificate) {
    checkTlsCertificate(checks, { certificate: tlsCertificate, client, nowMs: services.clock.now() });
    return { client, credential: 'certificate' };
  }
  checkSecret(checks, { secret: presented.secret, client });
  return { client, credential: 'secret' };
}

function checkRegistration(checks: Checks<AadstsRefusal>, { presented, tenant, tlsCertificate }: ClientContext): Client {
  const { clientId, consistent, methods } = presented;
  checks.require(methods.length <= 1, {
    name: 'one method of client authentication is used',
    section: 'RFC 6749 §2.3',
    refusal: { aadsts: 9002313, values: { reason: `The client authenticates in ${methods.length} ways: ${methods.join(', ')}.` } },
  });
  checks.require(methods.length === 1 || tlsCertificate !== undefined, {
    name: 'the client presents a credential',
    section: 'RFC 6749 §4.4',
    refusal: { aadsts: 7000216 },
  });
  checks.require(clientId !== undefined, {
    name: 'the client is named',
    section: 'RFC 6749 §2.3.1',
    refusal: missingParameter('client_id'),
  });
  checks.require(consistent, {
    name: 'the body and the Basic header name the same client',
    section: 'RFC 6749 §2.3.1',
    refusal: { aadsts: 9002313, values: { reason: "'client_id' differs from the Basic user name." } },
  });
  return requireClient(checks, { tenant, clientId });
}

async function checkPresentedAssertion(
  checks: Checks<AadstsRefusal>,
  context: ClientContext & { client: Client; assertion: PresentedAssertion },
): Promise<void> {
  const { tlsCertificate } = context;
  const { type, text, read } = context.assertion;
  checks.require(type !== undefined, {
    name: 'client_assertion_type is present',
    section: 'RFC 7521 §4.2',
    refusal: missingParameter('client_assertion_type'),
  });
  checks.require(type === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', {
    name: 'client_assertion_type is jwt-bearer',
    section: 'RFC 7523 §2.2',
    refusal: { aadsts: 50027, values: { reason: "The 'client_assertion_type' is not supported." } },
  });
  checks.require(read !== undefined, {
    name: 'the assertion is a compact JWT',
    section: 'RFC 7515 §7.1',
    refusal: { aadsts: 50027, values: { reason: 'Token format not valid.' } },
  });
  const subject = { ...context, assertion: read, text };
  if (!isFederated(read)) {
    await checkAssertion(checks, subject);
    return;
  }
  await checkFederatedAssertion(checks, subject);
  // Nobody's certificate signed it, so none can be that of the connection.
  if (tlsCertificate) checkSameCertificate(checks, { certificate: tlsCertificate, signer: undefined });
}
