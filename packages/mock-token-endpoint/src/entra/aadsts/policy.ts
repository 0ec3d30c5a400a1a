/** AADSTS codes of a tenant's policies, and of users, whom this grant does not know. */
import { type AadstsEntry, row } from './entry.ts';

/** Names the Conditional Access policy in the way, as an interactive client would ask for a token that meets it. */
const CLAIMS = { access_token: { capolids: { essential: true, values: ['c0ffee00-1234-4567-89ab-0123456789ab'] } } };

export const POLICY_CODES: readonly AadstsEntry[] = [
  row(53003, 'invalid_grant', 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.', {
    suberror: 'message_only',
    claims: CLAIMS,
  }),
  row(530032, 'access_denied', 'Blocked by a security policy of the tenant.'),
  row(530035, 'access_denied', 'Access has been blocked by security defaults.'),
  row(530034, 'access_denied', 'A delegated administrator was blocked from the tenant because of account risk.'),
  row(500021, 'access_denied', "Access to the tenant '{tenant}' is denied by the restrictions of the network's proxy."),
  row(500022, 'access_denied', 'The header that restricts access to certain tenants is not valid.'),
  row(700020, 'interaction_required', 'The request needs interaction: no user is there to give it.', { suberror: 'basic_action' }),
  // A user's: this grant does not lead to them
  row(50034, 'invalid_grant', "The user account does not exist in the directory '{tenant}'."),
  row(50076, 'interaction_required', 'A policy of the tenant demands multi-factor authentication.', {
    suberror: 'basic_action',
    claims: CLAIMS,
  }),
  row(50126, 'invalid_grant', 'Error validating credentials due to invalid username or password.', { suberror: 'bad_token' }),
];
