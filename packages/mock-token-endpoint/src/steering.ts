/** What can be done to a running mock, by the handle in code and by the control interface over HTTP alike. */

import type { Clock } from './clock.ts';
import type { Script } from './faults/rules.ts';
import type { Journal } from './journal.ts';
import type { IssuedCertificate, IssueRequest } from './pki/issue.ts';
import type { PlatformName } from './platform/environment.ts';
import type { FederatedTokenRequest } from './platform/external-issuer.ts';

export interface Steering {
  readonly journal: Journal;
  readonly script: Script;
  readonly clock: Clock;
  /** What a request to the control interface must carry as a bearer token. */
  readonly controlToken: string;
  /** Back to the start: journal, rules, queue, used assertions, revoked tokens, consent, registered certificates and the clock. */
  reset(): void;
  issueCertificate(request: IssueRequest): Promise<IssuedCertificate>;
  createFederatedToken(request: FederatedTokenRequest): Promise<string>;
  platformEnvironment(platform: PlatformName): Promise<Readonly<Record<string, string>>>;
}
