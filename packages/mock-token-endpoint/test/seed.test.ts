/** With a seed every run is the same, so that documents can show exact bytes; without one none is. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

/** Starts one, does something with it, and closes it: the next can have its port. */
async function during<T>(options: { seed?: string | undefined; port?: number }, act: (harness: Harness) => Promise<T>): Promise<T> {
  // The harness has a clock of its own, which a seed makes unnecessary.
  const harness = await startHarness({ ...options, ...(options.seed === undefined ? {} : { now: undefined }) });
  try {
    return await act(harness);
  } finally {
    await harness.close();
  }
}

/** What has no port in it. */
async function identity({ mock, accessToken }: Harness) {
  const token = await accessToken();
  return {
    tenantId: mock.tenantId,
    clientId: mock.clientId,
    clientSecret: mock.clientSecret,
    pfxPassword: mock.pfxPassword,
    controlToken: mock.controlToken,
    identityHeader: (await mock.platformEnvironment('app-service'))['IDENTITY_HEADER'],
    ca: mock.ca,
    certificate: readFileSync(mock.certificateFile, 'utf8'),
    privateKey: readFileSync(mock.privateKeyFile, 'utf8'),
    kid: decodeProtectedHeader(token).kid,
  };
}

/** Everything but what the transport adds. */
async function exchanges(harness: Harness) {
  const answers = [
    await harness.post(harness.secretFields()),
    await harness.post({ ...harness.secretFields(), client_secret: 'wrong' }),
    await harness.callApi('users', { token: 'none' }),
  ];
  return answers.map(({ status, headers, text }) => ({ status, date: headers['date'], requestId: headers['x-ms-request-id'], text }));
}

test('two mocks of one seed have the same ids, secrets, certificates and keys', async () => {
  const [one, other] = await Promise.all([during({ seed: 'a' }, identity), during({ seed: 'a' }, identity)]);
  expect(one).toEqual(other);
});

test('at the same port they answer the same requests with the same bytes, signatures and all', async () => {
  const [port, one] = await during({ seed: 'a' }, async (harness) => [
    Number(new URL(harness.mock.authorityHost).port),
    await exchanges(harness),
  ]);
  expect(one.map(({ status }) => status)).toEqual([200, 401, 401]);
  expect(one[0]?.date).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
  expect(await during({ seed: 'a', port }, exchanges)).toEqual(one);
});

test('after a reset a mock answers with the same bytes again', async () => {
  await during({ seed: 'a' }, async (harness) => {
    const first = await exchanges(harness);
    expect(await exchanges(harness)).not.toEqual(first);
    harness.mock.advanceClock(5000);
    harness.mock.reset();
    expect(await exchanges(harness)).toEqual(first);
  });
});

test('a certificate issued after a reset has a serial number of its own', async () => {
  await during({ seed: 'a' }, async ({ mock }) => {
    const serial = async () => new X509Certificate((await mock.issueCertificate({ key: 'ec' })).certificate).serialNumber;
    const first = await serial();
    mock.reset();
    expect(await serial()).not.toBe(first);
  });
});

test('another seed has other ids, secrets and serial numbers', async () => {
  const [one, other] = await Promise.all([during({ seed: 'a' }, identity), during({ seed: 'b' }, identity)]);
  for (const name of [
    'tenantId',
    'clientId',
    'clientSecret',
    'pfxPassword',
    'controlToken',
    'identityHeader',
    'ca',
    'certificate',
  ] as const) {
    expect(one[name]).not.toBe(other[name]);
  }
});

test('without a seed nothing is the same, and no key is the public one', async () => {
  const [one, other, seeded] = await Promise.all([
    during({ seed: undefined }, identity),
    during({ seed: undefined }, identity),
    during({ seed: 'a' }, identity),
  ]);
  for (const name of Object.keys(one) as (keyof typeof one)[]) expect(new Set([one[name], other[name], seeded[name]]).size).toBe(3);
});
