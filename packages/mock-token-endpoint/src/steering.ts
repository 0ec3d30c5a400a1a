/** What can be done to a running mock, by the handle in code and by the control interface over HTTP alike. */

import type { Clock } from './clock.ts';
import { isSameTenant } from './directory/tenants.ts';
import type { Script } from './faults/script.ts';
import type { Journal } from './journal.ts';
import type { IssuedCertificate, IssueRequest } from './pki/issue.ts';
import type { PlatformName } from './platform/environment.ts';
import type { FederatedTokenRequest } from './platform/external-issuer.ts';
import type { Services } from './services.ts';
import type { MockProfile } from './strictness.ts';

export interface Steering {
  readonly journal: Journal;
  readonly script: Script;
  readonly clock: Clock;
  /** What a request to the control interface must carry as a bearer token. */
  readonly controlToken: string;
  /** What the handle says of the mock, and no request needs to know. */
  readonly identity: { readonly tenantId: string; readonly clientId: string; readonly profile: MockProfile };
  /**
   * Back to the start: journal, rules, queue, used assertions, revoked tokens, consent, registered certificates, what the
   * APIs keep, and the clock. With a tenant only what is its own: journal entries, rules and queued answers that match on it, used assertions,
   * consent, and what the APIs keep. Tests that share a mock each have a tenant of their own.
   */
  reset(tenant?: string): void;
  issueCertificate(request: IssueRequest): Promise<IssuedCertificate>;
  createFederatedToken(request: FederatedTokenRequest): Promise<string>;
  platformEnvironment(platform: PlatformName): Promise<Readonly<Record<string, string>>>;
}

/** Forgets what is of one tenant alone. */
export function forgetTenant(
  { journal, script }: Pick<Steering, 'journal' | 'script'>,
  { tenant, directory, replays, api }: Pick<Services, 'directory' | 'replays' | 'api'> & { readonly tenant: string },
): void {
  journal.drop((entry) => isSameTenant(entry.tenant, tenant));
  script.clearRules(tenant);
  script.clearQueue(tenant);
  const id = directory.findTenant(tenant)?.id;
  if (id === undefined) return;
  directory.clear(id);
  replays.clear(id);
  api.clear(id);
}
