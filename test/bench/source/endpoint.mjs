/**
 * A token endpoint over TLS that answers at once and judges nothing, since what is measured is who asks it. Runs in a process of its
 * own, which sends its origin to the one that started it.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { CLIENT_ID, TENANT, TOKEN_PATH } from './clients.mjs';

const [cert, key] = ['crt', 'key'].map((part) =>
  readFileSync(new URL(`../../fixtures/certificates/loopback.${part}.pem`, import.meta.url)),
);
const answer = JSON.stringify({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: tokenAsEntras() });

const server = createServer({ cert, key }, (request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    response.end(request.method === 'POST' ? answer : metadata());
  });
});
// Whatever pauses between rounds: nobody's connection is closed for it.
server.keepAliveTimeout = 3_600_000;
server.listen(0, '127.0.0.1', () => process.send(origin()));
process.on('disconnect', () => process.exit());

/** For clients that ask for it first. */
function metadata() {
  const [issuer, tenant] = [`${origin()}/${TENANT}/v2.0`, `${origin()}/${TENANT}`];
  const authorization_endpoint = `${tenant}/oauth2/v2.0/authorize`;
  return JSON.stringify({
    issuer,
    authorization_endpoint,
    token_endpoint: origin() + TOKEN_PATH,
    jwks_uri: `${tenant}/discovery/v2.0/keys`,
  });
}

function origin() {
  return `https://127.0.0.1:${server.address().port}`;
}

/** As long as a real one, with the members that are looked at. */
function tokenAsEntras() {
  const claims = { aud: 'https://graph.microsoft.com', appid: CLIENT_ID, tid: TENANT, roles: Array(20).fill('Directory.Read.All') };
  const parts = [{ alg: 'RS256', typ: 'JWT', kid: 'x'.repeat(43) }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return [...parts, 'A'.repeat(342)].join('.');
}
