/** Judges what a client got as a resource server would, with the keys that the mock publishes, and beside it what the journal says. RFC 7519 §7.2. */
import type { JournalEntry, MockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { Agent, request } from 'undici';
import { expect } from 'vitest';
import type { Acquired } from './client.ts';

/** Expects one token of the Entra face, for the mock's API, with these claims, from one request that passed every check. */
export async function expectEntraToken(
  acquired: readonly Acquired[],
  { mock, claims }: { mock: MockTokenEndpoint; claims: object },
): Promise<void> {
  expect(acquired).toHaveLength(1);
  const verified = await entraClaims(acquired[0], mock);
  expect(verified).toMatchObject(claims);
  const { status, checks, tokenClaims } = onlyTokenRequest(mock);
  expect({ status, refused: checks.filter(({ passed }) => !passed), tokenClaims }).toEqual({
    status: 200,
    refused: [],
    tokenClaims: verified,
  });
}

/** The claims of a token of the mock's own tenant for its API. */
export async function entraClaims(acquired: Acquired | undefined, mock: MockTokenEndpoint): Promise<JWTPayload> {
  const tenant = `${mock.authorityHost}/${mock.tenantId}`;
  const claims = await verifiedClaims(acquired, { mock, keys: `${tenant}/discovery/v2.0/keys`, issuer: `${tenant}/v2.0` });
  expect(claims).toMatchObject({ tid: mock.tenantId, aud: 'api://mock-graph' });
  return claims;
}

/** The claims of the token once its signature, issuer and times have been verified. */
export async function verifiedClaims(
  acquired: Acquired | undefined,
  { mock, keys, issuer }: { mock: MockTokenEndpoint; keys: string; issuer: string },
): Promise<JWTPayload> {
  expect(acquired?.error).toBeUndefined();
  const dispatcher = new Agent({ connect: { ca: mock.ca } });
  try {
    const { body } = await request(keys, { dispatcher });
    const keySet = createLocalJWKSet((await body.json()) as JSONWebKeySet);
    return (await jwtVerify(acquired?.token ?? '', keySet, { issuer })).payload;
  } finally {
    await dispatcher.close();
  }
}

/** The entry of the one token request there was. */
export function onlyTokenRequest(mock: MockTokenEndpoint): JournalEntry {
  const [entry, ...others] = mock.journal.filter(({ method }) => method === 'POST');
  if (!entry || others.length > 0) throw new Error('The journal does not have one token request');
  return entry;
}
