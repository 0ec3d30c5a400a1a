/** Which scopes are granted: those asked for, or all the client has at the resource. RFC 6749 §3.3 and §5.1. */
import type { Checks } from '../checks/checks.ts';
import type { OAuthRefusal } from './answer.ts';
import type { Target } from './resource.ts';

/**
 * The granted scopes, in the order asked for.
 *
 * @param scope  the parameter; absent, or `/.default` of the resource, stands for all
 * @param allowed  what the client may have at this resource
 */
export function grantScopes(
  checks: Checks<OAuthRefusal>,
  { scope, target, allowed }: { scope: string | undefined; target: Target; allowed: readonly string[] },
): readonly string[] {
  if (scope === undefined) return allowed;
  const asked = new Set(scope.split(' '));
  const wantsAll = asked.delete(`${target.audience}/.default`);
  const refused = [...asked].find((each) => !allowed.includes(each));
  checks.require(refused === undefined, {
    name: 'every scope is one the client has at the resource',
    section: 'RFC 6749 §3.3',
    refusal: { error: 'invalid_scope', description: `The client has no scope ${refused} at ${target.audience}.` },
  });
  return wantsAll ? allowed : [...asked];
}
