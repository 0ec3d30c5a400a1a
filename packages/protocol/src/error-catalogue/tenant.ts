/** AADSTS errors of the tenant and the cloud: whether the request came to the right place. */
import type { CatalogueRow } from './error-explanation.ts';

export const TENANT_ERRORS: readonly CatalogueRow[] = [
  [
    [90002],
    'permanent',
    'operator',
    'There is no such tenant in this cloud.',
    'Check the tenant for a typing error, and whether it lives in another cloud: usgov, china.',
  ],
  [
    [900023],
    'permanent',
    'developer',
    'The tenant is neither a GUID nor a domain name (reported).',
    'Configure the GUID or domain; a template such as "{tenant}" may not have been filled in.',
  ],
  [
    [50059, 90019, 50128],
    'permanent',
    'developer',
    'The request does not say which tenant it is for.',
    "Send it to the tenant's own endpoint: configure its GUID or domain name.",
  ],
  // For 90010 Microsoft's page says only that something is not supported; a captured answer speaks of the grant at these tenants.
  [
    [9001023, 90010],
    'permanent',
    'developer',
    'The client-credentials grant is not available at "common" or "consumers".',
    'Configure the GUID or domain name of one tenant.',
  ],
  [
    [90130],
    'permanent',
    'developer',
    'The application cannot be used at "common" or "consumers".',
    'Configure the GUID or domain name of one tenant.',
  ],
  [
    [90124],
    'permanent',
    'developer',
    'The resource cannot be used at "common" or "consumers".',
    'Configure the GUID or domain name of one tenant.',
  ],
  [
    [90038],
    'permanent',
    'operator',
    'The tenant belongs to another national cloud.',
    "Configure the tenant's cloud: public, usgov or china. The application must be registered there too.",
  ],
  [
    [900382, 900432],
    'permanent',
    'developer',
    'A daemon cannot sign in across clouds.',
    'Register the application in the cloud of the tenant, and configure that cloud.',
  ],
  [
    [90051],
    'permanent',
    'developer',
    'The request names a national cloud that does not exist.',
    'Configure the cloud as public, usgov or china and send no identifier of your own.',
  ],
  [
    [50049],
    'permanent',
    'operator',
    'The authority host is none that Microsoft knows.',
    'Check the authority host for a typing error, and whether the host is one to trust at all.',
  ],
];
