import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PASSPHRASE, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { ProtocolError } from '../src/errors.ts';
import { readPkcs12 } from '../src/pkcs12.ts';
import { bag, certificateBag, data, derOf, integer, keyOf, octetString, oid, pfxFile, sealed, sequence } from './pkcs12-builder.ts';
import { thrown } from './thrown.ts';

const nowMs = VALID_AT_MS;

/** These octets with up to four of them changed, and perhaps cut off. */
function damaged(octets: Buffer): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }));
  return fc.tuple(fc.array(change, { maxLength: 4 }), fc.option(fc.nat(octets.length), { freq: 5 })).map(([changes, end]) => {
    const copy = Buffer.from(octets);
    for (const [at, mask] of changes) copy[at] = (copy[at] as number) ^ mask;
    return copy.subarray(0, end ?? copy.length);
  });
}

/** Resolves if the promise does, or if it rejects with an error of ours. */
async function settlesAsOurs(read: Promise<unknown>): Promise<void> {
  const error = await read.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined) expect(error).toBeInstanceOf(ProtocolError);
}

test.each(['rsa', 'p256', 'ed25519', 'leaf'])(
  'CE-01, CE-03: whatever happens to the file of %s, only errors of ours come out',
  async (name) => {
    const pem = Buffer.from(pair(name));
    await fc.assert(
      fc.asyncProperty(damaged(pem), async (octets) => settlesAsOurs((async () => readCertificate({ pem: octets, nowMs }))())),
    );
    const privateKey = keyOf(name);
    await fc.assert(
      fc.asyncProperty(damaged(derOf(name)), damaged(privateKey), async (der, key) => {
        await settlesAsOurs((async () => readCertificate({ der, privateKey, nowMs }))());
        await settlesAsOurs((async () => readCertificate({ der: derOf(name), privateKey: key, nowMs }))());
      }),
    );
  },
);

test.each(['rsa', 'legacy', 'chain', 'no-mac'])('CE-08: whatever happens to %s.pfx, only errors of ours come out', async (name) => {
  await fc.assert(
    fc.asyncProperty(damaged(pfxFile(`${name}.pfx`)), async (octets) =>
      settlesAsOurs(readPkcs12(octets, { passphrase: PASSPHRASE, nowMs, maxIterations: 5000 })),
    ),
  );
});

test('CE-08: nor when the MAC was made right again after the damage', async () => {
  const content = sequence(data(sequence(bag(1, keyOf('p256')), certificateBag(derOf('p256')))));
  await fc.assert(
    fc.asyncProperty(damaged(content), async (octets) => settlesAsOurs(readPkcs12(sealed(octets), { passphrase: 'x', nowMs }))),
    { numRuns: 500 },
  );
});

test('CE-08: nor for octets at random', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (octets) => {
      await settlesAsOurs(readPkcs12(octets, { passphrase: 'x', nowMs }));
      await settlesAsOurs(readPkcs12(sealed(octets), { passphrase: 'x', nowMs }));
    }),
  );
});

const MEBIBYTE = 1024 * 1024;

test.each([
  ['elements without content', 'invalid_certificate', Buffer.alloc(MEBIBYTE, Buffer.from('0500', 'hex'))],
  ['sequences one in the other', 'invalid_certificate', nested()],
  ['salt', 'wrong_passphrase', saltOf(MEBIBYTE - 200)],
])('CE-08: 1 MiB of %s is %s without much ado', async (_, code, octets) => {
  await expect(readPkcs12(octets, { passphrase: 'x', nowMs })).rejects.toMatchObject({ code });
});

function nested(): Buffer {
  const headers: Buffer[] = [];
  for (let length = MEBIBYTE - 5; length > 0xffff; length -= 5) headers.push(Buffer.from([0x30, 0x83, length >> 16, length >> 8, length]));
  return Buffer.concat(headers, MEBIBYTE);
}

function saltOf(size: number): Buffer {
  const digestInfo = sequence(sequence(oid('2.16.840.1.101.3.4.2.3')), octetString(Buffer.alloc(64)));
  return sequence(integer('03'), data(sequence()), sequence(digestInfo, octetString(Buffer.alloc(size))));
}

test('CE-01: 256 blocks are read, 257 are refused', () => {
  const blocks = (count: number): string => pair('p256') + '-----BEGIN A-----\n-----END A-----\n'.repeat(count - 2);
  expect(readCertificate({ pem: blocks(256), nowMs }).x5c).toHaveLength(1);
  expect(thrown(() => readCertificate({ pem: blocks(257), nowMs }))).toMatchObject({
    code: 'invalid_certificate',
    message: expect.stringContaining('more than 256 blocks'),
  });
});

test('CE-01: 1 MiB is not too much', () => {
  const pem = pair('p256').padEnd(MEBIBYTE);
  expect(readCertificate({ pem, nowMs }).subject).toBe('CN=p256, O=Contoso');
});

test('CE-01: a text of beginnings without ends is refused at the first', () => {
  const pem = '-----BEGIN A-----'.repeat(60_000);
  expect(thrown(() => readCertificate({ pem, nowMs }))).toMatchObject({
    code: 'invalid_certificate',
    message: 'The PEM block "A" has no "-----END A-----"; the file looks cut off',
  });
});
