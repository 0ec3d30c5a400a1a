/** Whether a client exists in a tenant and may be used. RFC 6749 §2.2. */

import type { Checks } from '../../checks/checks.ts';
import type { Client } from '../../directory/client.ts';
import type { Tenant } from '../../directory/directory.ts';
import type { AadstsRefusal } from '../aadsts.ts';

/** Passes when `clientId` is registered in the tenant, and enabled. */
export function requireClient(
  checks: Checks<AadstsRefusal>,
  { tenant, clientId }: { readonly tenant: Tenant; readonly clientId: string },
): Client {
  const client = tenant.findClient(clientId);
  checks.require(client !== undefined, {
    name: 'the client is registered in the tenant',
    section: 'RFC 6749 §2.2',
    refusal: { aadsts: 700016 },
  });
  checks.require(!client.disabled, {
    name: 'the client is enabled',
    section: 'Entra: error codes',
    refusal: { aadsts: 7000112 },
  });
  return client;
}
