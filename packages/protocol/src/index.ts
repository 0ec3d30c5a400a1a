// Errors

// Client authentication: RFC 6749 §2.3, RFC 7523
export { type AssertionKey, type AssertionOverrides, buildClientAssertion } from './assertion/client-assertion.ts';
// The authorization server
export type { AuthorizationServer } from './authorization-server.ts';
// Certificates and keys
export { type ClientCertificate, readCertificate } from './certificate/certificate.ts';
export { requireInForce, type Validity } from './certificate/validity.ts';
export type { AuthenticatedClient, TokenRequest } from './client-authentication/authenticated-request.ts';
export type { AuthenticatedParts, AuthenticationContext, ClientAuthentication } from './client-authentication/client-authentication.ts';
export { requireClientId } from './client-authentication/client-id.ts';
export { requireSecret } from './client-authentication/client-secret.ts';
export { clientSecretBasic } from './client-authentication/client-secret-basic.ts';
export { clientSecretPost } from './client-authentication/client-secret-post.ts';
export { privateKeyJwt } from './client-authentication/private-key-jwt.ts';
export { readMetadata } from './discovery/metadata.ts';
export { oauthMetadataUrl, openidConfigurationUrl, parseIssuer } from './discovery/well-known.ts';
export { encodeForm, type FormField } from './encoding/form.ts';
export { entraServer } from './entra/authority.ts';
export { type Cloud, cloudOfHost } from './entra/clouds.ts';
// The token request: RFC 6749 §4.4.2
export { requireDefaultScope } from './entra/default-scope.ts';
export { ProtocolError, type ProtocolErrorCode } from './errors.ts';
// The token response: RFC 6749 §5
export type { HttpResponse } from './http-response.ts';
export type { SigningAlgorithm } from './jws/algorithm.ts';
export { type DecodedToken, decodeToken } from './jws/compact.ts';
export type { MaybePromise, Signer } from './jws/signer.ts';
// Retrying: RFC 9110 §10.2.3
export { parseHttpDate, parseRetryAfter } from './retry/retry-after.ts';
export { parameterFields, type TokenParameters } from './token-request/parameters.ts';
export { parseScope, type Scope } from './token-request/scope.ts';
export { buildTokenRequest } from './token-request/token-request.ts';
export type { RequestedTokenType } from './token-request/token-type.ts';
export type { AccessToken, TokenType } from './token-response/access-token.ts';
export { type AnswerContext, type AnswerHead, unreadableAnswer } from './token-response/refusal.ts';
export type { TokenBinding } from './token-response/token-binding.ts';
export { readTokenResponse, type TokenResponseContext } from './token-response/token-response.ts';
export { TokenResponseError, type TokenResponseFacts } from './token-response/token-response-error.ts';
export { type EndpointRules, isLoopbackHost, parseEndpoint } from './url.ts';
