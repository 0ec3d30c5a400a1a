// The token source

export { type AccessToken, ProtocolError, TokenResponseError } from '@client-credentials/protocol';
// Authorities
export type { Authority } from './authority/authority.ts';
export { entra } from './authority/entra.ts';
export { issuer } from './authority/issuer.ts';
// Credentials
export { certificate } from './credential/certificate.ts';
export { type CertificateFileOptions, certificateFile } from './credential/certificate-file.ts';
export type { CertificateSource } from './credential/certificate-source.ts';
export type { Credential, CredentialContext, LoadedCredential } from './credential/credential.ts';
export { type FederatedTokenContext, federatedToken } from './credential/federated-token.ts';
export { firstUsable } from './credential/first-usable.ts';
export { type GithubActionsOptions, githubActions } from './credential/github-actions.ts';
export { type ManagedIdentityOptions, managedIdentity } from './credential/managed-identity.ts';
export { type MutualTlsOptions, mutualTls } from './credential/mutual-tls.ts';
export { type SecretOptions, secret } from './credential/secret.ts';
export { type SignerOptions, signer } from './credential/signer.ts';
export type { Value } from './credential/value.ts';
export { type WorkloadIdentityOptions, workloadIdentity } from './credential/workload-identity.ts';
export type { Effects } from './effects.ts';
export type { Environment } from './environment.ts';
// Errors, and what a caller meets of the protocol
export { TokenSourceError, type TokenSourceErrorCode } from './errors.ts';
export type { SourceEvent, TokenSourceEvents } from './events.ts';
export { fromEnvironment } from './from-environment.ts';
export { createManagedIdentitySource, type ManagedIdentitySourceOptions } from './managed-identity-source.ts';
export { OnboardingError, type OnboardingState } from './onboarding-error.ts';
export type { CacheOptions, TokenSourceOptions } from './options.ts';
export { requestToken } from './request-token.ts';
export { asTokenCredential, type TokenCredential } from './token-credential.ts';
export { type CheckOptions, type CheckReport, createTokenSource, type GetTokenOptions, type TokenSource } from './token-source.ts';
