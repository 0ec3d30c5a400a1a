/** The managed identities that programs on the mock's platforms have. Entra: managed identities for Azure resources. */
import { objectIdOf } from '../entra/grant.ts';
import type { Ids } from '../ids.ts';

export interface ManagedIdentity {
  readonly clientId: string;
  /** Of its service principal; `oid` and `sub` of its tokens. */
  readonly objectId: string;
  /** Only a user-assigned one is a resource of its own. */
  readonly resourceId?: string;
}

export interface ManagedIdentities {
  /** Whose token a request gets that names no identity. */
  readonly systemAssigned: ManagedIdentity;
  readonly userAssigned: ManagedIdentity;
}

/** The resource id of the user-assigned identity: the same in every mock, so that a program can name it before it knows anything else. */
export const USER_ASSIGNED_IDENTITY: string =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.ManagedIdentity/userAssignedIdentities/daemon';

export function createManagedIdentities({ ids, tenantId }: { readonly ids: Ids; readonly tenantId: string }): ManagedIdentities {
  const create = (): ManagedIdentity => {
    const clientId = ids.guid();
    return { clientId, objectId: objectIdOf(tenantId, clientId) };
  };
  return { systemAssigned: create(), userAssigned: { ...create(), resourceId: USER_ASSIGNED_IDENTITY } };
}

/** How a platform's query parameters name a user-assigned identity. */
export type IdentityParameters = Readonly<Record<string, keyof ManagedIdentity>>;

/** The identity that `query` names by `parameters`, in any case; the system-assigned one when it names none. */
export function findIdentity(
  identities: ManagedIdentities,
  { query, parameters }: { readonly query: URLSearchParams; readonly parameters: IdentityParameters },
): ManagedIdentity | undefined {
  const named = Object.entries(parameters).flatMap(([parameter, member]) => query.getAll(parameter).map((value) => ({ member, value })));
  if (named.length === 0) return identities.systemAssigned;
  return Object.values(identities).find((identity: ManagedIdentity) =>
    named.every(({ member, value }) => identity[member]?.toLowerCase() === value.toLowerCase()),
  );
}
