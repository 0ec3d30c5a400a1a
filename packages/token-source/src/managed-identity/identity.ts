/** Which of a machine's managed identities is meant: the system's own, or one that a user has assigned to it. */
import { TokenSourceError } from '../errors.ts';

/** How a user-assigned identity may be named; by one of these, or not at all. */
export interface IdentityOptions {
  clientId?: string | undefined;
  /** Of its service principal. */
  objectId?: string | undefined;
  /** Its path in Azure, which begins with `/subscriptions/`. */
  resourceId?: string | undefined;
}

export interface Identity {
  readonly kind: keyof IdentityOptions;
  readonly id: string;
}

/**
 * The identity that is named; `undefined` for the one that needs no name.
 *
 * @throws {TokenSourceError} `invalid_configuration` for two names, and for an empty one: it would mean another identity
 */
export function readIdentity(options: IdentityOptions): Identity | undefined {
  const named = KINDS.filter((kind) => options[kind] !== undefined);
  const [kind, ...others] = named;
  if (kind === undefined) return undefined;
  if (others.length > 0) throw misconfigured(`The managed identity is named by ${named.join(' and ')}; give one of them`);
  const id = options[kind];
  if (typeof id === 'string' && id !== '') return { kind, id };
  throw misconfigured(`The ${kind} of the managed identity is empty; give it, or leave it out for the identity that needs no name`);
}

/**
 * The query parameter by which a platform is told which identity is meant, if any.
 *
 * @param platform.parameters  the platform's names for the ways of naming that it has
 * @throws {TokenSourceError} `invalid_configuration` for a way of naming that it has not
 */
export function identityParameter(
  identity: Identity | undefined,
  platform: { readonly name: string; readonly parameters: { readonly [Kind in Identity['kind']]?: string } },
): Readonly<Record<string, string>> {
  if (identity === undefined) return {};
  const parameter = platform.parameters[identity.kind];
  if (parameter !== undefined) return { [parameter]: identity.id };
  const known = Object.keys(platform.parameters).join(' or ');
  const advice = known === '' ? 'it has none but its own, which needs no name' : `name it by ${known}`;
  throw misconfigured(`${platform.name} knows no managed identity by its ${identity.kind}: ${advice}`);
}

function misconfigured(message: string): TokenSourceError {
  return new TokenSourceError('invalid_configuration', message);
}

const KINDS = ['clientId', 'objectId', 'resourceId'] as const;
