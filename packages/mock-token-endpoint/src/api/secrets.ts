/** The secrets of the vault: each with its versions, of which the newest counts. Key Vault: secrets. */
import type { Services } from '../services.ts';

/** A secret of one tenant; to the tenant it is known by its name in any case. */
export interface Secret {
  readonly tenantId: string;
  /** As it was first written. */
  readonly name: string;
  /** Oldest first; of many the newest are kept. */
  readonly versions: readonly SecretVersion[];
}

export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly createdAtMs: number;
}

interface SecretName {
  readonly tenantId: string;
  readonly name: string;
}

export function findSecret(name: SecretName, { api }: Services): Secret | undefined {
  return api.secrets.get(keyOf(name));
}

/** The secret with one version more; it is made if there was none. */
export function writeSecret(name: SecretName, { value, services }: { value: string; services: Services }): Secret {
  const version = { id: services.uniqueId().replaceAll('-', ''), value, createdAtMs: services.clock.now() };
  const before = findSecret(name, services) ?? { ...name, versions: [] };
  const secret = { ...before, versions: [...before.versions, version].slice(-MOST_VERSIONS) };
  services.api.secrets.set(keyOf(name), secret);
  return secret;
}

function keyOf({ tenantId, name }: SecretName): string {
  return `${tenantId}/${name.toLowerCase()}`;
}

const MOST_VERSIONS = 20;
