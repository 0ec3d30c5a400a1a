/** `@client-credentials/mock-token-endpoint`: the other side of the client credentials grant, for tests. */

export type { Check } from './checks/checks.ts';
export { MockError, type MockErrorCode } from './errors.ts';
export type { MockAnswer } from './faults/answer.ts';
export type { MockRule } from './faults/rules.ts';
export type { JournalEntry } from './journal-entry.ts';
export type { MockTokenEndpoint } from './mock-token-endpoint.ts';
export type { MockClient, MockOptions, MockResource, MockTenant } from './options.ts';
export { startMockTokenEndpoint } from './start.ts';
export type { TokenOverrides } from './tokens.ts';
