/** A token with `protocol` alone: a certificate-signed request for Entra, sent with plain `fetch`, here to the mock. RFC 7523 §2.2 */
import { readFileSync } from 'node:fs';
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { buildTokenRequest, entraServer, privateKeyJwt, readCertificate, readTokenResponse } from '@client-credentials/protocol';

const mock = await startMockTokenEndpoint({ tls: false });
const { clientId, scope } = mock;
const requestedAtMs = Date.now();
const server = entraServer({ tenant: mock.tenantId, authorityHost: mock.authorityHost, allowHttpLoopback: true });
const pem = readFileSync(mock.certificateFile, 'utf8') + readFileSync(mock.privateKeyFile, 'utf8');
const authentication = privateKeyJwt({ certificate: readCertificate({ pem, nowMs: requestedAtMs }) });
const { url, ...init } = await buildTokenRequest({ server, clientId, authentication, scope, nowMs: requestedAtMs });
const response = await fetch(url, { ...init, redirect: 'manual' });
const answer = { status: response.status, headers: response.headers, body: await response.text() };
console.log(readTokenResponse(answer, { server, scope, requestedAtMs, request: init }));
await mock.close();
