// The token source

export { type AccessToken, ProtocolError, TokenResponseError } from '@client-credentials/protocol';
// Authorities
export type { Authority } from './authority/authority.ts';
export { entra } from './authority/entra.ts';
export { issuer } from './authority/issuer.ts';
export { type CertificateSource, certificate } from './credential/certificate.ts';
// Credentials
export type { Credential, CredentialContext, LoadedCredential } from './credential/credential.ts';
export { type SecretOptions, secret } from './credential/secret.ts';
export type { Value } from './credential/value.ts';
// Errors, and what a caller meets of the protocol
export { TokenSourceError, type TokenSourceErrorCode } from './errors.ts';
export { fromEnvironment } from './from-environment.ts';
export type { Effects, TokenSourceOptions } from './options.ts';
export { requestToken } from './request-token.ts';
export { createTokenSource, type GetTokenOptions, type TokenSource } from './token-source.ts';
