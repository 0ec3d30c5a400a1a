/** On Azure: the machine's own identity calls an API, and there is no application and no credential. Azure: managed identities */
import { createManagedIdentitySource } from '@client-credentials/token-source';
import { openTenant } from './tenant/tenant.ts';

const tenant = await openTenant(); // the mock; with --real, the platform of Azure that this runs on
const environment = await tenant.environmentOn('app-service'); // by which the platform is found

// Without a name the machine's own; { clientId } names one that was assigned to it. Where an identity proves an application that
// trusts it, the application's source has managedIdentity({ clientId }) as its credential.
const tokens = createManagedIdentitySource({ environment });
const report = await tokens.check({ network: true });
if (!report.ok) throw new Error(report.problems.join('; '));
console.log(await tokens.getToken(tenant.scope));
await tokens.close();
await tenant.close();
