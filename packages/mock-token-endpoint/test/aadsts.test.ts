/** Every AADSTS code that a daemon can meet, asked for by script. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { knownCodes } from '../src/entra/aadsts.ts';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'codes' });
});
afterAll(() => harness.close());
afterEach(() => harness.mock.reset());

const ask = (aadsts: number) => {
  harness.mock.enqueue({ aadsts });
  return harness.post(harness.secretFields());
};

const CODES = [
  // Credentials and registration
  ...[7000215, 7000222, 7000216, 7000218, 70002, 700025, 700016, 700011, 7000229, 7000112, 70001, 650059, 50194],
  // Assertions and certificates
  ...[700027, 7000274, 7000214, 7000277, 1000502, 700030, 50012, 50017, 50006, 50003, 50048, 700021, 700024, 5002741, 700023],
  ...[50027, 5002723, 5002738, 5002730, 90014],
  // The request
  ...[900144, 90023, 9002313, 900561, 90121, 90112, 70003, 70011, 28002, 1002012, 700022, 901002, 90013],
  // Resources and consent
  ...[500011, 50001, 501051, 650057, 650056, 65005, 650052, 65001, 90094, 90009],
  // Tenants and clouds
  ...[90002, 900023, 50059, 90019, 50128, 9001023, 90010, 90130, 90124, 90038, 900382, 900432, 90051, 50049],
  // Federation
  ...[70021, 700211, 700212, 700213, 700223, 700238, 7002381, 700229, 7000226, 7002131, 7002241, 700235],
  // Policies, and what only users meet
  ...[53003, 530032, 530035, 500021, 500022, 700020, 50034, 50076, 50126, 530034],
  // The service
  ...[50196, 90055, 90024, 50033, 90006, 90012, 90033, 50000, 90090, 90036, 90092, 100007],
  // Certificates on TLS, and attestation
  ...[51000, 392189, 392200, 392204, 500181, 1000610, 1000611, 1000612, 1000613, 1000614],
];

test.each(CODES)('AADSTS%i has an answer of its own, in the shape of Entra', async (code) => {
  const { status, json, headers } = await ask(code);
  expect([400, 401, 429, 500, 503, 504]).toContain(status);
  expect(json).toMatchObject({
    error: expect.stringMatching(/^[a-z_]+$/),
    error_codes: [code],
    timestamp: expect.stringMatching(/Z$/),
    trace_id: headers['x-ms-request-id'],
    error_uri: expect.stringContaining(`code=${code}`),
  });
  const [message, ...ids] = json.error_description.split('\r\n');
  expect(message).toMatch(new RegExp(`^AADSTS${code}: [A-Z'"].+[.'\\]]$`));
  expect(message).not.toMatch(/[{}]|The request was refused/);
  expect(ids.map((line: string) => line.split(':', 1)[0])).toEqual(['Trace ID', 'Correlation ID', 'Timestamp']);
});

test('each code is listed once, in order, with what it is answered with', async () => {
  const listed = knownCodes();
  const codes = listed.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)].sort((one, other) => one - other));
  expect(codes).toEqual(expect.arrayContaining(CODES));
  expect(listed.find(({ code }) => code === 7000222)).toEqual({
    code: 7000222,
    error: 'invalid_client',
    status: 401,
    message: expect.stringContaining('{clientId}'),
  });
});

test('a code that nobody knows gets a general answer', async () => {
  const { status, json } = await ask(123456);
  expect([status, json.error, json.error_codes]).toEqual([400, 'invalid_request', [123456]]);
});

test('ENT-39: throttling comes with the time to wait, and a loop with a status that is easily overlooked', async () => {
  const throttled = await ask(90055);
  expect([throttled.status, throttled.json.error, throttled.headers['retry-after']]).toEqual([429, 'temporarily_unavailable', '60']);
  const looped = await ask(50196);
  expect([looped.status, looped.json.error, looped.headers['retry-after']]).toEqual([400, 'invalid_grant', '300']);
  expect((await ask(90033)).headers).not.toHaveProperty('retry-after');
});

test('ENT-34: a policy names a suberror and the claims that a token would need, as JSON text', async () => {
  const { json } = await ask(53003);
  expect(json).toMatchObject({ error: 'invalid_grant', suberror: 'message_only' });
  expect(JSON.parse(json.claims)).toEqual({ access_token: { capolids: { essential: true, values: [expect.any(String)] } } });
  expect((await ask(7000222)).json).not.toHaveProperty('suberror');
});

test('ENT-37: interaction that is required comes with claims', async () => {
  const { status, json } = await ask(50076);
  expect([status, json.error, typeof json.claims]).toEqual([400, 'interaction_required', 'string']);
});
