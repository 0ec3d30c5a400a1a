/** What the vectors of revocation and introspection have in common: a request to build, or an answer to read. */
import type { AuthorizationServer } from '../../src/authorization-server.ts';
import type { AuthenticatedClient } from '../../src/client-authentication/authenticated-request.ts';
import { clientSecretBasic } from '../../src/client-authentication/client-secret-basic.ts';
import type { PresentedToken } from '../../src/extension/presented-token.ts';
import type { HttpResponse } from '../../src/http-response.ts';

export type PresentedTokenInput = HttpResponse | (PresentedToken & { server: AuthorizationServer; clientId: string; secret: string });

export function presentedToken({ secret, ...rest }: Exclude<PresentedTokenInput, HttpResponse>): AuthenticatedClient & PresentedToken {
  return { ...rest, authentication: clientSecretBasic({ secret }), nowMs: 0 };
}
