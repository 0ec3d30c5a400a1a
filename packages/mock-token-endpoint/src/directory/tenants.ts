/** The tenants that the options name, with the clients that each of them knows. */
import { MockError } from '../errors.ts';
import { guidOf, isGuid } from '../guid.ts';
import type { MockTenant } from '../options.ts';
import { type Client, readClient } from './client.ts';

/** Clients by their id, in lower case, by the GUID of their tenant. */
export type ConfiguredTenants = ReadonlyMap<string, ReadonlyMap<string, Client>>;

/**
 * Tenants as the options name them.
 *
 * @throws {MockError} `invalid_option` for a name that is neither a GUID nor a domain, one that stands there twice in another case, or a
 *   certificate that cannot be read
 */
export function readTenants(tenants: Readonly<Record<string, MockTenant>>): ConfiguredTenants {
  const read = new Map<string, ReadonlyMap<string, Client>>();
  for (const [name, { clients }] of Object.entries(tenants)) {
    const id = tenantId(name);
    if (id === undefined) throw new MockError('invalid_option', `tenants names "${name}": use a GUID or a domain name`);
    if (read.has(id)) throw new MockError('invalid_option', `tenants names "${name}" twice: the case of a name makes no difference`);
    read.set(id, readClients(clients, name));
  }
  return read;
}

/** The GUID, lower-case, of the tenant that `name` stands for; `undefined` when it is neither a GUID nor a domain name. */
export function tenantId(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (isGuid(lower)) return lower;
  return DOMAIN.test(lower) ? guidOf('tenant', lower) : undefined;
}

/** Whether both name one tenant, be it by its GUID or by its domain; what is no tenant's name is the same in any case. */
export function isSameTenant(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && canonicalName(one) === canonicalName(other);
}

function canonicalName(name: string): string {
  return tenantId(name) ?? name.toLowerCase();
}

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

function readClients(clients: MockTenant['clients'], tenant: string): ReadonlyMap<string, Client> {
  const read = new Map<string, Client>();
  for (const [clientId, description] of Object.entries(clients)) {
    const client = readClient(clientId, description);
    if (read.has(client.id.toLowerCase())) {
      throw new MockError('invalid_option', `tenant ${tenant} names client ${clientId} twice: the case of an id makes no difference`);
    }
    read.set(client.id.toLowerCase(), client);
  }
  return read;
}
