/** Everything that `@client-credentials/protocol` exports, by the step of the exchange. */

// Errors.

export { oneLine, ProtocolError, type ProtocolErrorCode } from './errors.ts';
export { type ProxySettings, readProxy } from './proxy.ts';
export { type EndpointRules, isLoopbackHost, parseEndpoint } from './url.ts';

// The authorization server: RFC 8414, OpenID Connect Discovery.

export type { AuthorizationServer } from './authorization-server.ts';
export { chooseAuthenticationMethod } from './discovery/authentication-method.ts';
export { hasForeignTokenEndpoint } from './discovery/foreign-endpoint.ts';
export { readMetadata } from './discovery/metadata.ts';
export { insertedOpenidConfigurationUrl, oauthMetadataUrl, openidConfigurationUrl, parseIssuer } from './discovery/well-known.ts';

// Keys and certificates: RFC 5280, RFC 7468, RFC 7515, RFC 7638.

export type { CertificateInput, PrivateKeyInput } from './certificate/bundle.ts';
export { type ClientCertificate, readCertificate, readPublicCertificate } from './certificate/certificate.ts';
export { type FileFormat, fileFormat } from './certificate/file-format.ts';
export type { ManifestValues } from './certificate/manifest.ts';
export { createTlsBinding, type TlsBinding } from './certificate/tls-binding.ts';
export { requireInForce, type Validity } from './certificate/validity.ts';
export { certificateWarnings } from './certificate/warnings.ts';
export type { SigningAlgorithm } from './jws/algorithm.ts';
export { type DecodedToken, decodeToken } from './jws/compact.ts';
export { jwkThumbprint } from './jws/jwk-thumbprint.ts';
export type { Jwk } from './jws/public-key.ts';
export { createSigner, type MaybePromise, type Signer } from './jws/signer.ts';

// Client authentication: RFC 6749 §2.3, RFC 7523, RFC 8705 §2.

export { type AssertionKey, type AssertionOverrides, type AssertionSubject, buildClientAssertion } from './assertion/client-assertion.ts';
export type { AuthenticatedClient, TokenRequest } from './client-authentication/authenticated-request.ts';
export { clientAssertion } from './client-authentication/client-assertion.ts';
export type { AuthenticatedParts, AuthenticationContext, ClientAuthentication } from './client-authentication/client-authentication.ts';
export { requireSecret } from './client-authentication/client-secret.ts';
export { clientSecretBasic } from './client-authentication/client-secret-basic.ts';
export { clientSecretJwt } from './client-authentication/client-secret-jwt.ts';
export { clientSecretPost } from './client-authentication/client-secret-post.ts';
export { type AuthenticatedEndpoint, endpointFor } from './client-authentication/endpoint.ts';
export { privateKeyJwt } from './client-authentication/private-key-jwt.ts';
export { selfSignedTlsClientAuth } from './client-authentication/self-signed-tls-client-auth.ts';
export { tlsClientAuth } from './client-authentication/tls-client-auth.ts';
export { requireClientId } from './client-id.ts';

// The token request: RFC 6749 §4.4.2.

export { encodeForm, type FormField } from './encoding/form.ts';
export { type AuthorizationDetail, readAuthorizationDetails } from './token-request/authorization-details.ts';
export { parameterFields, type TokenParameters } from './token-request/parameters.ts';
export { parseScope, type Scope } from './token-request/scope.ts';
export { buildTokenRequest } from './token-request/token-request.ts';
export type { RequestedTokenType } from './token-request/token-type.ts';

// Tokens bound to a key: RFC 9449.

export { createDpopBinding } from './dpop/binding.ts';
export { readDpopNonce, readDpopNonceDemand } from './dpop/nonce.ts';
export { buildDpopProof, type DpopKey, type ProvenRequest } from './dpop/proof.ts';
export type { TokenBinding } from './token-binding.ts';

// The token response: RFC 6749 §5.

export { type HttpResponse, headerValue } from './http-response.ts';
export { type AccessToken, createAccessToken, type TokenType } from './token-response/access-token.ts';
export { type AnswerContext, type AnswerHead, unreadableAnswer } from './token-response/refusal.ts';
export { readTokenResponse, type TokenResponseContext } from './token-response/token-response.ts';
export { TokenResponseError, type TokenResponseFacts } from './token-response/token-response-error.ts';

// Challenges of a resource: RFC 9110 §11.6.1, RFC 6750 §3.

export { readBearerChallenge, type TokenChallenge } from './challenge/bearer-challenge.ts';
export { readClaimsChallenge } from './challenge/claims-challenge.ts';
export { type DpopChallenge, readDpopChallenge } from './challenge/dpop-challenge.ts';
export { type Remedy, remedyOf } from './challenge/remedy.ts';
export { readStepUpChallenge, type StepUpChallenge } from './challenge/step-up-challenge.ts';
export { type Challenge, parseChallenges } from './challenge/www-authenticate.ts';
export { type KeyVaultChallenge, readKeyVaultChallenge } from './entra/key-vault-challenge.ts';

// Trying again: RFC 9110 §10.2.3.

export { type FailedRequest, type RetryAdvice, retryAdvice } from './retry/advice.ts';
export { backoffMs } from './retry/backoff.ts';
export { parseHttpDate, parseRetryAfter } from './retry/retry-after.ts';

// Microsoft Entra ID.

export { type AdminConsent, adminConsentLink, buildAdminConsentUrl, readAdminConsentAnswer } from './entra/admin-consent.ts';
export { type EntraServerOptions, entraServer } from './entra/authority.ts';
export { type Cloud, type CloudFacts, cloudFacts, cloudOfHost, isKnownLoginHost } from './entra/clouds.ts';
export { ConsentError } from './entra/consent-error.ts';
export { instanceDiscoveryUrl, type LoginInstance, readInstanceDiscovery } from './entra/instance-discovery.ts';
export { type ManagedIdentityContext, managedIdentityResource, readManagedIdentityResponse } from './entra/managed-identity.ts';
export { readEntraMetadata } from './entra/metadata.ts';
export { explainToken, type TokenFacts } from './entra/token-facts.ts';
export type { ErrorExplanation } from './error-catalogue/error-explanation.ts';
export { explainError, knownErrorCodes } from './error-catalogue/explain-error.ts';
export { requireDefaultScope } from './token-request/default-scope.ts';

// Beside the token path: RFC 7009, RFC 7662, RFC 7523 §2.1.

export { buildIntrospectionRequest, type Introspection, readIntrospectionResponse } from './extension/introspection.ts';
export { buildJwtBearerRequest, type JwtBearerGrant } from './extension/jwt-bearer.ts';
export type { PresentedToken } from './extension/presented-token.ts';
export { buildRevocationRequest, readRevocationResponse } from './extension/revocation.ts';
