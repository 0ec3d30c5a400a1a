/** `vectors/managed-identity.json` */
import { managedIdentityResource, readManagedIdentityResponse } from '../../src/entra/managed-identity.ts';
import { TokenResponseError } from '../../src/token-response/token-response-error.ts';
import type { Adapter } from './vector.ts';

type Answer = { status: number; body: string; requestedAtMs: number };

export const managedIdentity: Adapter = (input: Answer | { scope: string }) => {
  if ('scope' in input) return managedIdentityResource(input.scope);
  const { requestedAtMs, ...response } = input;
  try {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return { expiresAtMs: readManagedIdentityResponse({ ...response, headers }, { requestedAtMs }).expiresAtMs };
  } catch (refusal) {
    if (!(refusal instanceof TokenResponseError) || refusal.code !== 'oauth_error') throw refusal;
    const { error: refused, description, correlationId, transient } = refusal;
    return { refused, description, correlationId, transient };
  }
};
