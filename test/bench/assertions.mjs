/**
 * Client assertions per second, PS256 with an RSA-2048 key, beside the bare signature and what others build. Not a test: ratios
 * of one run, on whatever machine this is.
 *
 *     npm run bench
 */
import { constants, createPrivateKey, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { ClientAssertion, CryptoProvider } from '@azure/msal-node';
import { buildClientAssertion, entraServer, readCertificate } from '@client-credentials/protocol';
import { SignJWT } from 'jose';

const ROUNDS = 9;
const ROUND_MS = 400;
const AT_ONCE = [1, 16];
const BASELINE = 'crypto.sign, asynchronous';

const [certificatePem, pem] = ['crt', 'key'].map((part) =>
  readFileSync(new URL(`../fixtures/certificates/rsa.${part}.pem`, import.meta.url), 'utf8'),
);
const key = createPrivateKey(pem);
const server = entraServer({ tenant: 'contoso.onmicrosoft.com' });
const clientId = '6731de76-14a6-49ae-97bc-6eba6914391e';
const certificate = readCertificate({ pem: certificatePem + pem, nowMs: Date.now() });
const signAsync = promisify(sign);
const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const bytes = Buffer.alloc(700, 'a');
const msal = new CryptoProvider();

/** Each makes one assertion, or one signature. */
const CANDIDATES = {
  [BASELINE]: () => signAsync('sha256', bytes, pss),
  'crypto.sign, synchronous': async () => sign('sha256', bytes, pss),
  'client-credentials': () => buildClientAssertion({ server, clientId, certificate, nowMs: Date.now() }),
  jose: () =>
    new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': certificate.x5tS256 })
      .setAudience(server.tokenEndpoint)
      .setIssuer(clientId)
      .setSubject(clientId)
      .setIssuedAt()
      .setNotBefore('0s')
      .setExpirationTime('300s')
      .sign(key),
  // A new object each time, since one object hands out the same assertion until it expires.
  '@azure/msal-node': async () =>
    ClientAssertion.fromCertificateWithSha256Thumbprint(Buffer.from(certificate.x5tS256, 'base64url').toString('hex'), pem).getJwt(
      msal,
      clientId,
      server.tokenEndpoint,
    ),
};

for (const atOnce of AT_ONCE) {
  const rates = await measure(atOnce);
  const bare = rates[BASELINE];
  console.log(`\n${atOnce === 1 ? 'one after the other' : `${atOnce} at once`}: assertions per second, median of ${ROUNDS} rounds`);
  for (const [name, rate] of Object.entries(rates)) {
    console.log(`  ${name.padEnd(28)}${Math.round(rate).toLocaleString('en').padStart(8)}  ${(rate / bare).toFixed(2)} × ${BASELINE}`);
  }
}

/** Medians; the candidates take turns in every round, so that what else the machine does meets all of them. */
async function measure(atOnce) {
  const rates = Object.fromEntries(Object.keys(CANDIDATES).map((name) => [name, []]));
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [name, make] of Object.entries(CANDIDATES)) {
      const rate = await perSecond(make, atOnce);
      // The first round warms up.
      if (round >= 0) rates[name].push(rate);
    }
  }
  return Object.fromEntries(Object.entries(rates).map(([name, values]) => [name, median(values)]));
}

async function perSecond(make, atOnce) {
  const startedAtMs = performance.now();
  const endsAtMs = startedAtMs + ROUND_MS;
  let made = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < endsAtMs) {
        await make();
        made += 1;
      }
    }),
  );
  return made / ((performance.now() - startedAtMs) / 1000);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
