/** Every situation, played by our source and by MSAL side by side: what each comes to is printed, and ours has to come out well. */
import { randomUUID } from 'node:crypto';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MakeClient, msal, ours } from './clients.ts';
import { SITUATIONS, type Situation } from './situations.ts';

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint({ profile: 'lenient', journalEntries: 20_000 });
});
afterAll(() => mock.close());

const rows = new Map<string, { ours: string; msal: string }>();
afterAll(() => {
  console.table(Object.fromEntries(SITUATIONS.flatMap(({ name }) => (rows.has(name) ? [[name, rows.get(name)]] : []))));
});

/** In a tenant of its own, so that what is scripted for one reaches no other. */
async function played(make: MakeClient, { byAssertion, play }: Situation): Promise<string> {
  const tenant = randomUUID();
  let assertions = 0;
  const assertion = async (): Promise<string> => {
    assertions += 1;
    return mock.createFederatedToken();
  };
  const client = make({ mock, tenant, assertion: byAssertion ? assertion : undefined });
  try {
    return await play({ mock, tenant, client, assertions: () => assertions }).catch((error: Error) => `fails: ${error.name}`);
  } finally {
    await client.close();
  }
}

const play = async (situation: Situation): Promise<void> => {
  const own = await played(ours, situation);
  rows.set(situation.name, { ours: own, msal: await played(msal, situation) });
  expect(own).toBe(situation.expected);
};

describe('a daemon gets the token it could have', () => {
  test.concurrent.each(SITUATIONS.filter(({ isCrowded }) => isCrowded !== true))('$name', play);
  // By themselves: a thousand requests of one client are the other one's bad weather.
  test.each(SITUATIONS.filter(({ isCrowded }) => isCrowded === true))('$name', play);
});
