/** `@client-credentials/mock-token-endpoint`: the other side of the client credentials grant, for tests. */

export type { Check } from './checks/checks.ts';
export { MockError, type MockErrorCode } from './errors.ts';
export type { MockAnswer } from './faults/answer.ts';
export type { FaultName } from './faults/faults.ts';
export type { ClientMatch, MockMatch, MockRule } from './faults/rules.ts';
export type { JournalEntry } from './journal-entry.ts';
export type { MockTokenEndpoint } from './mock-token-endpoint.ts';
export type { MockClient, MockFederatedCredential, MockOptions, MockResource, MockTenant } from './options.ts';
export type { IssuedCertificate, IssueRequest } from './pki/issue.ts';
export type { PlatformName } from './platform/environment.ts';
export type { FederatedTokenRequest } from './platform/external-issuer.ts';
export { USER_ASSIGNED_IDENTITY } from './platform/managed-identity.ts';
export { startMockTokenEndpoint } from './start.ts';
export type { MockProfile } from './strictness.ts';
export type { TokenOverrides } from './tokens.ts';
