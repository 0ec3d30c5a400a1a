/** AADSTS errors of policies, and those of users, which a daemon meets only when it took a wrong turn. */
import type { CatalogueRow } from './error-explanation.ts';

export const POLICY_ERRORS: readonly CatalogueRow[] = [
  [
    [53003],
    'permanent',
    'administrator',
    'Conditional Access blocks the token.',
    "Find the policy in the sign-in logs (service principal sign-ins, by the correlation id), and allow this workload or its network's addresses.",
  ],
  [
    [530032],
    'permanent',
    'administrator',
    'A security policy of the tenant blocks the request.',
    'Find the policy in the sign-in logs by the correlation id, and let an administrator decide.',
  ],
  [
    [530035],
    'permanent',
    'administrator',
    "The tenant's security defaults block the request.",
    'Let an administrator look the request up in the sign-in logs by the correlation id, and replace security defaults with policies if it is to pass.',
  ],
  [
    [500021, 500022],
    'permanent',
    'operator',
    'A proxy on the way restricts which tenants may be reached (tenant restrictions).',
    "Have the tenant added to the proxy's list, or send the daemon's requests another way.",
  ],
  [
    [700020],
    'permanent',
    'developer',
    'Entra demands interaction with a user, which a daemon cannot give.',
    'Check that the grant is client_credentials and the permissions are application permissions; then look for a policy in the sign-in logs.',
  ],
  [
    [50034, 50076, 50126, 530034],
    'permanent',
    'developer',
    "The error is about a user's or delegated administrator's sign-in, which the client-credentials grant never makes.",
    'Check which flow the program uses: it should send grant_type=client_credentials and no user name.',
  ],
];
