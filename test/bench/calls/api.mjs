/** An API over TLS on loopback, in a process of its own, which answers at once. Prints its port as one line. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const file = (name) => readFileSync(new URL(`../../fixtures/certificates/${name}`, import.meta.url));
const BODY = JSON.stringify({ value: [{ id: '1', displayName: 'Ada' }] });
const HEAD = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) };

const server = createServer({ cert: file('loopback.crt.pem'), key: file('loopback.key.pem') }, (_request, response) => {
  response.writeHead(200, HEAD).end(BODY);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
