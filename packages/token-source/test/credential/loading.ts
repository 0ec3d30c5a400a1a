/** Loads a credential as a token source does, with the clock in the test's hands, and shows the request that it authenticates. */
import { type AuthorizationServer, buildTokenRequest, type TokenRequest } from '@client-credentials/protocol';
import { importX509, type JWTVerifyResult, jwtVerify } from 'jose';
import { fixture, VALID_AT_MS } from '../../../../test/support/certificates.ts';
import { entra } from '../../src/authority/entra.ts';
import { issuer } from '../../src/authority/issuer.ts';
import type { Credential, CredentialContext, LoadedCredential } from '../../src/credential/credential.ts';

export const ISSUER = 'https://as.example';
const RFC_AUTHORITY = issuer(ISSUER, { tokenEndpoint: `${ISSUER}/token` });
export const ENTRA_AUTHORITY = entra({ tenant: 'contoso.onmicrosoft.com' });
const CLIENT_ID = 'me';

export interface Loading {
  readonly context: CredentialContext;
  readonly clock: { nowMs: number };
  /** Whom `onSkipped` was told of, and for which code. */
  readonly skipped: [string, unknown][];
}

export function loading(changes: Partial<CredentialContext> = {}): Loading {
  const clock = { nowMs: VALID_AT_MS };
  const skipped: [string, unknown][] = [];
  const context: CredentialContext = {
    authority: RFC_AUTHORITY,
    clientId: CLIENT_ID,
    signal: new AbortController().signal,
    now: () => clock.nowMs,
    random: () => 0.5,
    sleep: async () => {},
    transport: { send: () => Promise.reject(new Error('nobody is to be asked')) },
    timeoutMs: 1000,
    isRefused: () => false,
    onSkipped: (kind, error) => skipped.push([kind, (error as { code?: unknown }).code]),
    ...changes,
  };
  return { context, clock, skipped };
}

export interface Exchange {
  readonly loaded: LoadedCredential;
  readonly request: TokenRequest;
  readonly form: URLSearchParams;
}

/** What would be sent, by default to the server of the context's authority. */
export async function exchangeWith(
  credential: Credential,
  { context }: Loading = loading(),
  ask: { readonly server?: AuthorizationServer | undefined; readonly scope?: string } = {},
): Promise<Exchange> {
  const loaded = await credential.load(context);
  const { server = context.authority.server } = ask;
  if (server === undefined) throw new Error('The authority of the test has no server');
  const request = await buildTokenRequest({
    server,
    clientId: context.clientId,
    authentication: loaded.authentication(server),
    nowMs: context.now(),
    scope: ask.scope ?? (server.profile === 'entra' ? 'https://graph.microsoft.com/.default' : 'a'),
    tokenType: loaded.tokenType,
  });
  return { loaded, request, form: new URLSearchParams(request.body) };
}

/** The assertion of a request, verified with the public half of a certificate of the fixtures, or of one in PEM. */
export async function verified(
  { form }: Pick<Exchange, 'form'>,
  certificate: string,
  options: { readonly algorithm?: string; readonly audience?: string; readonly nowMs?: number } = {},
): Promise<JWTVerifyResult> {
  const { algorithm = 'PS256', audience = ISSUER, nowMs = VALID_AT_MS } = options;
  const pem = certificate.includes('-----BEGIN') ? certificate : fixture(`${certificate}.crt.pem`);
  return jwtVerify(form.get('client_assertion') ?? '', await importX509(pem, algorithm), {
    algorithms: [algorithm],
    audience,
    issuer: CLIENT_ID,
    subject: CLIENT_ID,
    currentDate: new Date(nowMs),
  });
}
