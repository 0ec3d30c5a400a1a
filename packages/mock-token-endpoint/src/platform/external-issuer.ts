/** An issuer outside the mock's tenants, as GitHub or a Kubernetes cluster is one: its document, its keys, its tokens. OpenID Connect Discovery §4. */
import { SignJWT } from 'jose';
import { objectOf, text, wholeNumber } from '../option-shapes.ts';
import type { Outcome } from '../outcome.ts';
import type { Answer } from '../server/http.ts';
import type { Services } from '../services.ts';
import { TOKEN_EXCHANGE_AUDIENCE, WORKFLOW_SUBJECT } from './federated-credentials.ts';
import type { PlatformContext } from './identity-endpoint.ts';

/** Where it is on the local listener. */
export const EXTERNAL_ISSUER_PATH: string = '/external';

export interface FederatedTokenRequest {
  /** Default the subject of the own client's first federated credential. */
  readonly subject?: string | undefined;
  /** Default `api://AzureADTokenExchange`. */
  readonly audience?: string | undefined;
  /** Seconds from the mock's time; default 600; a negative one has expired. */
  readonly lifetimeSeconds?: number | undefined;
}

/**
 * A token of this issuer.
 *
 * @throws {MockError} `invalid_option` for an unknown member, or a lifetime that is no whole number of seconds, up to a year either way
 */
export async function createFederatedToken(request: FederatedTokenRequest, services: Services): Promise<string> {
  REQUEST(request, '');
  const { subject = WORKFLOW_SUBJECT, audience = TOKEN_EXCHANGE_AUDIENCE, lifetimeSeconds = USUAL_SECONDS } = request;
  return issueExternalToken({ claims: { sub: subject, aud: audience }, lifetimeSeconds }, services);
}

/** A token with these claims and those that every token of this issuer has. */
export function issueExternalToken(
  { claims, lifetimeSeconds }: { readonly claims: Readonly<Record<string, string>>; readonly lifetimeSeconds: number },
  { platform, clock, uniqueId }: Services,
): Promise<string> {
  const nowSeconds = Math.floor(clock.now() / 1000);
  const expiresAt = nowSeconds + lifetimeSeconds;
  // An expired one was issued before it expired.
  const issuedAt = lifetimeSeconds > 0 ? nowSeconds : expiresAt - USUAL_SECONDS;
  return new SignJWT({ ...claims, iss: platform.externalIssuer, iat: issuedAt, nbf: issuedAt, exp: expiresAt, jti: uniqueId() })
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: platform.externalKey.kid })
    .sign(platform.externalKey.privateKey);
}

/** `GET {issuer}/.well-known/openid-configuration` */
export async function answerIssuerConfiguration({ request, services }: PlatformContext): Promise<Outcome> {
  const { externalIssuer } = services.platform;
  return answerDocument(request.method, {
    issuer: externalIssuer,
    jwks_uri: `${externalIssuer}/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  });
}

/** `GET {issuer}/jwks` */
export async function answerIssuerKeys({ request, services }: PlatformContext): Promise<Outcome> {
  return answerDocument(request.method, services.platform.externalKey.keySet);
}

function answerDocument(method: string, body: object): Outcome {
  const answer: Answer = method === 'GET' ? { status: 200, headers: {}, body } : { status: 405, headers: { allow: 'GET' } };
  return { answer, checks: [], isTokenRequest: false };
}

const USUAL_SECONDS = 600;
const YEAR_SECONDS = 31_536_000;
// The control interface brings what a client wrote.
const REQUEST = objectOf({ subject: text, audience: text, lifetimeSeconds: wholeNumber(-YEAR_SECONDS, YEAR_SECONDS) });
