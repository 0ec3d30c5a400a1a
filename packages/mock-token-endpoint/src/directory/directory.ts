/** Who exists: tenants with their clients, and resources with the roles they declare. */
import type { MockFederatedCredential, MockResource } from '../options.ts';
import { type Client, readClient } from './client.ts';
import { type ConfiguredTenants, tenantId } from './tenants.ts';

export interface Directory {
  /** By GUID or domain name, in any case; `undefined` when `name` is neither. */
  findTenant(name: string): Tenant | undefined;
  /** For the RFC face, which has no tenants: the mock's own client, or that of the first configured tenant that has it. RFC 6749 §1.5: in this very case. */
  findClient(clientId: string): Client | undefined;
  /** By identifier URI; one `/` more at its end names the same resource. */
  findResource(identifier: string): Resource | undefined;
  /** Lets the own client use `pem` as well. */
  registerCertificate(pem: string): void;
  /** Remembers it, if the client is registered there. */
  consent(consent: Consent): void;
  /** Back to what the options say; for one tenant, whom an administrator has consented to. */
  clear(tenantId?: string): void;
}

/** Which client an administrator of which tenant has consented to; the tenant by its GUID. */
export interface Consent {
  readonly tenantId: string;
  readonly clientId: string;
}

export interface Tenant {
  /** The tenant's GUID, lower-case. */
  readonly id: string;
  /** In any case. */
  findClient(clientId: string): Client | undefined;
}

export interface Resource {
  /** The app roles it declares. */
  readonly roles: readonly string[];
}

/** What a directory is made of: the configured tenants, and the one client that every other tenant has. */
interface DirectoryContents {
  readonly tenants: ConfiguredTenants;
  readonly resources: Readonly<Record<string, MockResource>>;
  readonly ownClient: OwnClient;
  /** Whether an id nobody registered has the own client's credentials. */
  readonly takesUnknownClients: boolean;
}

interface OwnClient {
  readonly id: string;
  readonly secret: string;
  readonly certificate: string;
  readonly federatedCredentials: readonly MockFederatedCredential[];
}

/** A directory that clients cannot make grow: a tenant nobody configured is derived from its name each time it is asked for. */
export function createDirectory({ tenants, resources, ownClient, takesUnknownClients }: DirectoryContents): Directory {
  const known = new Map(Object.entries(resources).map(([identifier, { roles = [] }]) => [identifier, { roles }]));
  const certificates = [ownClient.certificate];
  const consented = new Set<Client>();
  const readOwn = () =>
    readClient(ownClient.id, {
      secrets: [ownClient.secret],
      certificates,
      roles: [...known.values()].flatMap((resource) => resource.roles),
      federatedCredentials: ownClient.federatedCredentials,
    });
  let own = readOwn();

  const findOwn = (id: string) => {
    if (id === own.id) return own;
    return takesUnknownClients ? { ...own, id } : undefined;
  };
  const findRegistered = (tenant: ReadonlyMap<string, Client>, id: string) => {
    const client = tenant.get(id.toLowerCase());
    return client && consented.has(client) ? { ...client, consented: true } : client;
  };
  const findIn = (tenant: ReadonlyMap<string, Client> | undefined, id: string) => {
    if (!tenant) return findOwn(id.toLowerCase());
    return findRegistered(tenant, id) ?? (takesUnknownClients ? findOwn(id.toLowerCase()) : undefined);
  };

  return {
    findTenant: (name) => {
      const id = tenantId(name);
      return id === undefined ? undefined : { id, findClient: (clientId) => findIn(tenants.get(id), clientId) };
    },
    findClient: (clientId) => {
      const holder = [...tenants.values()].find((tenant) => tenant.get(clientId.toLowerCase())?.id === clientId);
      return holder ? findRegistered(holder, clientId) : findOwn(clientId);
    },
    findResource: (identifier) => known.get(identifier) ?? known.get(identifier.replace(/\/$/, '')),
    registerCertificate: (pem) => {
      certificates.push(pem);
      // The first is the own one; of the others the oldest goes.
      if (certificates.length > MOST_CERTIFICATES) certificates.splice(1, 1);
      own = readOwn();
    },
    consent: ({ tenantId, clientId }) => {
      const client = tenants.get(tenantId)?.get(clientId.toLowerCase());
      if (client) consented.add(client);
    },
    clear: (tenantId) => {
      if (tenantId !== undefined) {
        for (const client of tenants.get(tenantId)?.values() ?? []) consented.delete(client);
        return;
      }
      certificates.length = 1;
      consented.clear();
      own = readOwn();
    },
  };
}

const MOST_CERTIFICATES = 100;
