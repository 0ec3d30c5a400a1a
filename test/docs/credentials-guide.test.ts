/** The guide to credentials names each there is, the safest first. */
import { readFileSync } from 'node:fs';
import * as tokenSource from '@client-credentials/token-source';
import { expect, test } from 'vitest';

const GUIDE = readFileSync(new URL('../../docs/guides/credentials.md', import.meta.url), 'utf8');
const ROWS = [...GUIDE.matchAll(/^\| `(\w+)\(/gm)].map(([, name = '']) => name);

test('every credential has its row, and every row is a credential', () => {
  const exported = [
    'secret',
    'certificate',
    'certificateFile',
    'signer',
    'mutualTls',
    'federatedToken',
    'workloadIdentity',
    'githubActions',
    'managedIdentity',
    'firstUsable',
  ];
  expect(exported.filter((name) => !(name in tokenSource))).toEqual([]);
  expect(ROWS.toSorted()).toEqual(exported.toSorted());
});

test('SEC-01: identities of the platform stand first, then certificates, and a secret stands last', () => {
  const placeOf = (name: string): number => ROWS.indexOf(name);
  expect(placeOf('managedIdentity')).toBe(0);
  for (const federated of ['workloadIdentity', 'githubActions', 'federatedToken'])
    expect(placeOf(federated)).toBeLessThan(placeOf('certificateFile'));
  expect(placeOf('certificate')).toBeLessThan(placeOf('secret'));
  expect(GUIDE).toMatch(/a certificate, a secret last/);
});
