/** Who exists: tenants with their clients, and resources with the roles they declare. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { MockError } from '../errors.ts';
import { guidOf, isGuid } from '../guid.ts';
import type { MockClient, MockFederatedCredential, MockResource, MockTenant } from '../options.ts';

export interface Directory {
  /** By GUID or domain name, in any case; `undefined` when `name` is neither. */
  findTenant(name: string): Tenant | undefined;
  /** For the RFC face, which has no tenants: the mock's own client, or one that any configured tenant knows. */
  findClient(clientId: string): Client | undefined;
  /** Lets the own client use `pem` as well. */
  registerCertificate(pem: string): void;
  /** Back to what the options say. */
  clear(): void;
  /** By identifier URI; one `/` more at its end names the same resource. */
  findResource(identifier: string): Resource | undefined;
}

export interface Tenant {
  /** The tenant's GUID, lower-case. */
  readonly id: string;
  findClient(clientId: string): Client | undefined;
}

export interface Client {
  /** The client id, lower-case. */
  readonly id: string;
  readonly secrets: readonly string[];
  readonly expiredSecrets: readonly string[];
  readonly certificates: readonly RegisteredCertificate[];
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly consented: boolean;
  readonly federatedCredentials: readonly MockFederatedCredential[];
}

/** A certificate as a directory keeps it: public key, validity and the two thumbprints an assertion can name it by. */
export interface RegisteredCertificate {
  readonly publicKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** base64url SHA-1 of the DER, RFC 7515 §4.1.7. */
  readonly x5t: string;
  /** base64url SHA-256 of the DER, RFC 7515 §4.1.8. */
  readonly x5tS256: string;
  readonly x509: X509Certificate;
}

interface Resource {
  /** The app roles it declares. */
  readonly roles: readonly string[];
}

/** Tenants by their GUID. */
export type ConfiguredTenants = ReadonlyMap<string, Tenant>;

/**
 * Tenants as the options name them.
 *
 * @throws {MockError} `invalid_option` for a name that is neither a GUID nor a domain, or a certificate that cannot be read
 */
export function readTenants(tenants: Readonly<Record<string, MockTenant>>): ConfiguredTenants {
  return new Map(Object.entries(tenants).map(([name, tenant]) => readTenant(name, tenant)));
}

interface OwnClient {
  readonly id: string;
  readonly secret: string;
  readonly certificate: string;
  readonly federatedCredentials: readonly MockFederatedCredential[];
}

/** What a directory is made of: the configured tenants, and the one client that every other tenant has. */
interface DirectoryContents {
  readonly tenants: ConfiguredTenants;
  readonly resources: Readonly<Record<string, MockResource>>;
  readonly ownClient: OwnClient;
  /** Whether an id nobody registered has the own client's credentials. */
  readonly takesUnknownClients: boolean;
}

/** A directory that never grows: a tenant nobody configured is derived from its name each time it is asked for. */
export function createDirectory({ tenants, resources, ownClient, takesUnknownClients }: DirectoryContents): Directory {
  const known = new Map(Object.entries(resources).map(([identifier, { roles = [] }]) => [identifier, { roles }]));
  const certificates = [ownClient.certificate];
  const readOwn = () =>
    readClient(ownClient.id, {
      secrets: [ownClient.secret],
      certificates,
      roles: [...known.values()].flatMap((resource) => resource.roles),
      federatedCredentials: ownClient.federatedCredentials,
    });
  let own = readOwn();
  const findOwn = (clientId: string) => {
    if (clientId.toLowerCase() === own.id) return own;
    return takesUnknownClients ? { ...own, id: clientId.toLowerCase() } : undefined;
  };
  return {
    findTenant: (name) => {
      const id = tenantId(name);
      if (id === undefined) return undefined;
      const tenant = tenants.get(id);
      if (!tenant) return { id, findClient: findOwn };
      return takesUnknownClients ? { id, findClient: (clientId) => tenant.findClient(clientId) ?? findOwn(clientId) } : tenant;
    },
    findClient: (clientId) => {
      for (const tenant of tenants.values()) {
        const client = tenant.findClient(clientId);
        if (client) return client;
      }
      return findOwn(clientId);
    },
    registerCertificate: (pem) => {
      certificates.push(pem);
      own = readOwn();
    },
    clear: () => {
      certificates.length = 1;
      own = readOwn();
    },
    findResource: (identifier) => known.get(identifier) ?? known.get(identifier.replace(/\/$/, '')),
  };
}

function tenantId(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (isGuid(lower)) return lower;
  return DOMAIN.test(lower) ? guidOf('tenant', lower) : undefined;
}

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

function readTenant(name: string, { clients }: MockTenant): [string, Tenant] {
  const id = tenantId(name);
  if (id === undefined) throw new MockError('invalid_option', `tenants names "${name}": use a GUID or a domain name`);
  const known = new Map(Object.entries(clients).map(([clientId, client]) => [clientId.toLowerCase(), readClient(clientId, client)]));
  return [id, { id, findClient: (clientId) => known.get(clientId.toLowerCase()) }];
}

function readClient(id: string, client: MockClient): Client {
  return {
    id: id.toLowerCase(),
    secrets: client.secrets ?? [],
    expiredSecrets: client.expiredSecrets ?? [],
    certificates: (client.certificates ?? []).map((pem, index) => readCertificate(pem, { clientId: id, index })),
    roles: client.roles ?? [],
    disabled: client.disabled ?? false,
    consented: client.consented ?? true,
    federatedCredentials: client.federatedCredentials ?? [],
  };
}

function readCertificate(pem: string, { clientId, index }: { clientId: string; index: number }): RegisteredCertificate {
  try {
    const certificate = new X509Certificate(pem);
    return {
      x509: certificate,
      publicKey: certificate.publicKey,
      notBeforeMs: Date.parse(certificate.validFrom),
      notAfterMs: Date.parse(certificate.validTo),
      x5t: Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex').toString('base64url'),
      x5tS256: Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
    };
  } catch (cause) {
    throw new MockError('invalid_option', `certificate ${index} of client ${clientId} cannot be read: give one PEM certificate`, { cause });
  }
}
