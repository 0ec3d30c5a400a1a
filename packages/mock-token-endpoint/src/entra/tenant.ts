/** Which tenant a path names. Entra: an application has no home among all tenants, so it must name one. */
import type { Checks } from '../checks/checks.ts';
import type { Directory, Tenant } from '../directory/directory.ts';
import type { AadstsRefusal } from './aadsts.ts';

/** Passes when `name` is a GUID or a domain name, and not of those that stand for many tenants. */
export function checkTenant(checks: Checks<AadstsRefusal>, { name, directory }: { name: string; directory: Directory }): Tenant {
  checks.require(!isSharedTenant(name), {
    name: 'the tenant is a single one',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: name.toLowerCase() === 'organizations' ? 50059 : 9001023 },
  });
  return checkTenantName(checks, { name, directory });
}

/** Passes when `name` is a GUID or a domain name. */
export function checkTenantName(checks: Checks<AadstsRefusal>, { name, directory }: { name: string; directory: Directory }): Tenant {
  const tenant = directory.findTenant(name);
  checks.require(tenant !== undefined, {
    name: 'the tenant is a GUID or a domain name',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: 900023 },
  });
  return tenant;
}

/** Whether `name` stands for many tenants. */
export function isSharedTenant(name: string): boolean {
  return SHARED.has(name.toLowerCase());
}

// The GUID is the tenant of personal accounts.
const SHARED: ReadonlySet<string> = new Set(['common', 'organizations', 'consumers', '9188040d-6c67-4c5b-b112-36a304b66dad']);
