import { expect, test } from 'vitest';
import { explainError, knownErrorCodes } from '../src/error-catalogue/explain-error.ts';
import { OAUTH_ERRORS } from '../src/error-catalogue/oauth-errors.ts';

/** Every AADSTS number that a daemon is known to meet, and a few that it meets only in the wrong flow. */
const PERMANENT = [
  ...[7000215, 7000222, 7000216, 7000218, 70002, 700025, 700016, 700011, 7000229, 7000112, 70001, 650059, 50194, 700027, 7000274],
  ...[7000214, 7000277, 1000502, 700030, 50012, 50006, 50003, 50048, 700021, 700024, 5002741, 700023, 50027, 5002723, 5002738, 5002730],
  ...[90014, 900144, 90023, 9002313, 900561, 90121, 90112, 70003, 70011, 28002, 1002012, 700022, 901002, 500011, 50001, 501051, 650057],
  ...[650056, 65005, 650052, 65001, 90094, 90009, 90002, 900023, 90013, 50059, 90019, 50128, 9001023, 90010, 90130, 90124, 90038],
  ...[900382, 900432, 90051, 50049, 700223, 700238, 7002381, 700229, 7000226, 7002131, 7002241, 700235, 53003, 530032, 530035],
  ...[500021, 500022, 700020, 50196, 90036, 90092, 100007, 51000, 392189, 392200, 392204, 500181, 1000610, 1000611, 1000612],
  ...[1000613, 1000614, 50034, 50076, 50126, 530034],
];
const PASSING = [50017, 70021, 700211, 700212, 700213, 90055, 90024, 50033, 90006, 90012, 90033, 50000, 90090];
const OAUTH = [
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'],
  ...['invalid_target', 'invalid_dpop_proof', 'use_dpop_nonce', 'invalid_authorization_details', 'unsupported_token_type'],
  ...['temporarily_unavailable', 'invalid_resource', 'interaction_required', 'slow_down', 'server_error'],
];

const explanations = [...PERMANENT, ...PASSING, ...OAUTH].map((code) => explainError(code));

test('ENT-34: the catalogue holds every number of the list, once', () => {
  expect(new Set([...PERMANENT, ...PASSING]).size).toBe(114);
  expect(explanations).not.toContain(undefined);
});

test('ENT-34: the codes that are known are those, each by its full name', () => {
  const codes = [...[...PERMANENT, ...PASSING].map((number) => `AADSTS${number}`), ...OAUTH];
  expect(knownErrorCodes().toSorted()).toEqual(codes.toSorted());
  expect(knownErrorCodes().map((code) => explainError(code)?.code)).toEqual(knownErrorCodes());
});

test('ENT-39: what looks like a loop is refused for minutes, and anew until the loop is mended', () => {
  expect(explainError(50196)).toMatchObject({
    permanent: true,
    fixedBy: 'developer',
    meaning: expect.stringMatching(/for some minutes it is refused, and then again if the loop goes on/),
    fix: expect.stringMatching(/do not repeat a refused request/),
  });
});

test.each(PERMANENT)('ENT-35: AADSTS%d stays until somebody changes something', (number) => {
  expect(explainError(number)).toMatchObject({
    code: `AADSTS${number}`,
    permanent: true,
    fixedBy: expect.stringMatching(/^(developer|administrator|operator)$/),
    url: `https://login.microsoftonline.com/error?code=${number}`,
  });
});

test.each(PASSING)('ENT-39, WIF-05: AADSTS%d may pass, and its fix speaks of waiting', (number) => {
  const explanation = explainError(number);
  expect(explanation?.permanent).toBe(false);
  expect(explanation?.fix).toMatch(/wait|Wait|later/);
});

test.each(OAUTH)('CC-30: %s is explained in general words', (name) => {
  expect(explainError(name)).toMatchObject({
    code: name,
    permanent: !['use_dpop_nonce', 'temporarily_unavailable', 'slow_down', 'server_error'].includes(name),
    url: expect.stringMatching(/^https:\/\/[^ ]+$/),
  });
  expect(OAUTH_ERRORS.size).toBe(OAUTH.length);
});

test('every explanation is whole sentences on one line, and frozen', () => {
  for (const explanation of explanations) {
    expect(explanation?.meaning).toMatch(/^[A-Z][^\r\n]+\.$/);
    expect(explanation?.fix).toMatch(/^[A-Z][^\r\n]+\.$/);
    expect(Object.isFrozen(explanation)).toBe(true);
  }
});

test('who fixes an error that passes by itself is nobody, and only then', () => {
  for (const explanation of explanations) {
    if (explanation?.fixedBy === 'nobody') expect(explanation.permanent).toBe(false);
  }
});

test.each([7000215, '7000215', 'AADSTS7000215'])('ENT-35: %j is looked up whichever way it is written', (code) => {
  expect(explainError(code)).toMatchObject({
    code: 'AADSTS7000215',
    fixedBy: 'operator',
    fix: expect.stringContaining('copy its Value, not its Secret ID'),
  });
});

test.each([
  ...[0, -7000215, 7000215.5, 1, Number.NaN, Number.POSITIVE_INFINITY, 1e21],
  ...[
    '',
    'AADSTS',
    'AADSTS07000215',
    '07000215',
    ' 7000215',
    '7000215\n',
    'AADSTS7000215: Invalid',
    '70002150000000000000',
    'AADSTSinvalid_client',
  ],
  ...['Invalid_Client', 'invalid_token', '__proto__', 'toString', 'constructor', 'hasOwnProperty'],
])('%j is not in the catalogue', (code) => {
  expect(explainError(code)).toBeUndefined();
});

test.each([undefined, null, {}, [], Symbol('7000215')])('%o is no code', (code) => {
  expect(explainError(code as unknown as string)).toBeUndefined();
});

test.each([
  ['ENT-18', 700024, /clock.*Date header/],
  ['ENT-44', 100007, /no region/],
  ['ENT-58', 7000229, /service principal/],
  ['WIF-08', 700213, /repo:owner\/repo:….*repo:owner@ownerId\/repo@repoId:…/],
  ['WIF-10', 700229, /as the application itself/],
  ['WIF-03', 700212, /api:\/\/AzureADTokenExchange/],
  ['ENT-10', 1002012, /"\/\.default"/],
  ['CC-03', 7000216, /&amp;/],
])('ENT-18, ENT-44, ENT-58, WIF-03, WIF-08, WIF-10: the hint of %s stands in the fix of AADSTS%d', (_, number, hint) => {
  expect(explainError(number)?.fix).toMatch(hint);
});

test.each([
  7000216, 7000229, 7000274, 7000214, 1000502, 5002741, 5002730, 1002012, 900023, 501051, 700211, 700223, 7002381, 392189, 1000610,
])('AADSTS%d, which no page of Microsoft lists, is told as a report', (number) => {
  expect(explainError(number)?.meaning).toMatch(/\(reported\)/);
});

test.each([7000226, 7002131, 7002241, 700235])('AADSTS%d, known from an unofficial list, says so', (number) => {
  expect(explainError(number)?.meaning).toMatch(/\(reported, unofficial\)/);
});
