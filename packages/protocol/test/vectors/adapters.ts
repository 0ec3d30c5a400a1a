/** Which adapter runs which file of `vectors/`. */
import { adminConsent } from './admin-consent.ts';
import { authenticationMethod } from './authentication-method.ts';
import { base64url } from './base64url.ts';
import { certificates } from './certificates.ts';
import { challenges } from './challenges.ts';
import { claimsChallenge } from './claims-challenge.ts';
import { claimsRequest } from './claims-request.ts';
import { clientAssertion } from './client-assertion.ts';
import { clientAuthentication } from './client-authentication.ts';
import { dpop } from './dpop.ts';
import { entraAuthority } from './entra-authority.ts';
import { entraErrors } from './entra-errors.ts';
import { entraMetadata } from './entra-metadata.ts';
import { form } from './form.ts';
import { introspection } from './introspection.ts';
import { jwkThumbprint } from './jwk-thumbprint.ts';
import { jws } from './jws.ts';
import { jwtBearer } from './jwt-bearer.ts';
import { keyVaultChallenge } from './key-vault-challenge.ts';
import { managedIdentity } from './managed-identity.ts';
import { metadata } from './metadata.ts';
import { remedies } from './remedies.ts';
import { retryAdvice } from './retry-advice.ts';
import { retryAfter } from './retry-after.ts';
import { revocation } from './revocation.ts';
import { scope } from './scope.ts';
import { tokenFacts } from './token-facts.ts';
import { tokenRequests } from './token-requests.ts';
import { tokenResponses } from './token-responses.ts';
import type { Adapter } from './vector.ts';
import { wellKnown } from './well-known.ts';

export const adapters: Readonly<Record<string, Adapter>> = {
  'admin-consent': adminConsent,
  'authentication-method': authenticationMethod,
  base64url,
  certificates,
  challenges,
  'claims-challenge': claimsChallenge,
  'claims-request': claimsRequest,
  'client-assertion': clientAssertion,
  'client-authentication': clientAuthentication,
  dpop,
  'entra-authority': entraAuthority,
  'entra-errors': entraErrors,
  'entra-metadata': entraMetadata,
  form,
  introspection,
  'jwk-thumbprint': jwkThumbprint,
  jws,
  'jwt-bearer': jwtBearer,
  'key-vault-challenge': keyVaultChallenge,
  'managed-identity': managedIdentity,
  metadata,
  remedies,
  'retry-advice': retryAdvice,
  'retry-after': retryAfter,
  revocation,
  scope,
  'token-facts': tokenFacts,
  'token-requests': tokenRequests,
  'token-responses': tokenResponses,
  'well-known': wellKnown,
};
