/** Whether the sender of a token has what the token is bound to. RFC 9449 §7.1 and §7.2, RFC 8705 §3. */
import type { JWTPayload } from 'jose';
import { readConfirmation } from '../checks/access-token.ts';
import type { Checks } from '../checks/checks.ts';
import { checkProof, type ProofRefusal } from '../checks/dpop.ts';
import { translated } from '../checks/translated.ts';
import { certificateThumbprint } from '../pki/thumbprint.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { TokenScheme } from './challenge.ts';
import { type GraphRefusal, unauthorized } from './graph-answer.ts';

interface BindingContext {
  readonly scheme: TokenScheme;
  /** The token itself, and its claims. */
  readonly text: string;
  readonly claims: JWTPayload;
  readonly request: MockRequest;
  readonly services: Services;
}

/** Passes when the scheme is the one for what the token is bound to, and the request proves that; for a bearer token always. */
export async function checkBinding(
  checks: Checks<GraphRefusal>,
  { scheme, text, claims, request, services }: BindingContext,
): Promise<void> {
  const { jkt, 'x5t#S256': thumbprint } = readConfirmation(claims);
  const invalid = (description: string) => unauthorized({ scheme, error: 'invalid_token', description });
  checks.require((scheme === 'DPoP') === (jkt !== undefined), {
    name: 'the scheme is DPoP for a token that is bound to a key, and for no other',
    section: 'RFC 9449 §7.2',
    refusal: invalid(`The access token is ${jkt === undefined ? 'not ' : ''}bound to a DPoP key.`),
  });
  checks.require(scheme !== 'mtls_pop' || thumbprint !== undefined, {
    name: 'the scheme is mtls_pop only for a token that is bound to a certificate',
    section: 'Entra: mTLS proof of possession',
    refusal: invalid('The access token is not bound to a certificate.'),
  });
  if (thumbprint !== undefined) {
    const { clientCertificate } = request;
    checks.require(clientCertificate !== undefined && certificateThumbprint(clientCertificate) === thumbprint, {
      name: 'the token is bound to the certificate of this connection',
      section: 'RFC 8705 §3',
      refusal: invalid('The access token is bound to a certificate that is not the one of this connection.'),
    });
  }
  if (jkt === undefined) return;
  const proofChecks = translated(checks, (refusal: ProofRefusal) => unauthorized({ scheme, ...refusal }));
  await checkProof(proofChecks, { request, services, token: { text, jkt } });
}
