/** A foreign authorization server behind a front that speaks TLS, as such servers are run: the front hands it the client certificate. */
import { X509Certificate } from 'node:crypto';
import { createServer, request as forward, type OutgoingHttpHeaders } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import Provider, { type Configuration } from 'oidc-provider';
import { fixture } from '../support/certificates.ts';

export interface FrontedProvider {
  readonly issuer: string;
  /** PEM: what to trust. */
  readonly ca: string;
  close(): void;
}

/** Where the front puts the certificate: base64 of its DER. Whatever a client sends there is dropped. */
const CERTIFICATE = 'x-client-certificate';
/** Whether its chain was verified. */
const VERIFIED = 'x-client-verified';

/** @param configuration  is told where the provider will be found */
export async function startFrontedProvider(configuration: (issuer: string) => Configuration): Promise<FrontedProvider> {
  const inner = createServer();
  const port = await listen(inner);
  const options: ServerOptions = {
    cert: fixture('loopback.crt.pem'),
    key: fixture('loopback.key.pem'),
    ca: fixture('root.crt.pem'),
    requestCert: true,
    rejectUnauthorized: false,
  };
  const front = createTlsServer(options, (request, response) => {
    const socket = request.socket as TLSSocket;
    const headers: OutgoingHttpHeaders = { ...request.headers, 'x-forwarded-proto': 'https', [VERIFIED]: String(socket.authorized) };
    const certificate = socket.getPeerX509Certificate();
    delete headers[CERTIFICATE];
    if (certificate !== undefined) headers[CERTIFICATE] = certificate.raw.toString('base64');
    const passedOn = forward({ host: '127.0.0.1', port, method: request.method, path: request.url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passedOn.on('error', () => response.destroy());
    request.pipe(passedOn);
  });
  const issuer = `https://127.0.0.1:${await listen(front)}`;
  const provider = new Provider(issuer, configuration(issuer));
  provider.proxy = true;
  inner.on('request', provider.callback());
  const close = (): void => {
    for (const server of [front, inner]) {
      server.closeAllConnections();
      server.close();
    }
  };
  return { issuer, ca: fixture('loopback.crt.pem'), close };
}

/** How the provider reads what the front has written. */
export const MTLS: NonNullable<NonNullable<Configuration['features']>['mTLS']> = {
  enabled: true,
  certificateBoundAccessTokens: true,
  selfSignedTlsClientAuth: true,
  tlsClientAuth: true,
  getCertificate: (ctx) => certificateOf(ctx.get(CERTIFICATE)),
  certificateAuthorized: (ctx) => ctx.get(VERIFIED) === 'true',
  certificateSubjectMatches: (ctx, property, expected) =>
    property === 'tls_client_auth_subject_dn' && certificateOf(ctx.get(CERTIFICATE))?.subject === expected.split(', ').join('\n'),
};

function certificateOf(header: string): X509Certificate | undefined {
  return header === '' ? undefined : new X509Certificate(Buffer.from(header, 'base64'));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
