/** What a token is asked for: one resource, named by `resource`, `audience` or a `/.default` scope. RFC 8707 §2. */
import { API_RESOURCE } from '../api-resource.ts';
import type { Checks } from '../checks/checks.ts';
import type { Directory } from '../directory/directory.ts';
import type { Form } from '../server/form.ts';
import type { OAuthRefusal } from './answer.ts';

export interface Target {
  /** The resource as the request named it; it becomes `aud`. */
  readonly audience: string;
  /** The scopes it declares. */
  readonly roles: readonly string[];
}

/** The one resource that the request names, or else the mock's API. */
export function readTarget(checks: Checks<OAuthRefusal>, { form, directory }: { form: Form; directory: Directory }): Target {
  const resources = form.all('resource').filter((value) => value !== '');
  checks.require(
    resources.every((resource) => URL.canParse(resource) && !resource.includes('#')),
    {
      name: 'resource is an absolute URI without fragment',
      section: 'RFC 8707 §2',
      refusal: { error: 'invalid_target', description: 'resource is not an absolute URI without fragment.' },
    },
  );
  const [audience = API_RESOURCE, ...others] = new Set([...resources, ...form.all('audience').filter(Boolean), ...defaultResources(form)]);
  checks.require(others.length === 0, {
    name: 'one resource is named',
    section: 'RFC 8707 §2.2',
    refusal: { error: 'invalid_target', description: 'A token here is for one resource, and the request names several.' },
  });
  const resource = directory.findResource(audience);
  checks.require(resource !== undefined, {
    name: 'the resource is known',
    section: 'RFC 8707 §2',
    refusal: { error: 'invalid_target', description: `The resource ${audience} is not known.` },
  });
  return { audience, roles: resource.roles };
}

/** The resources that Entra's way of writing a scope names, so that one configuration works at both faces. */
function defaultResources(form: Form): readonly string[] {
  const scopes = form.get('scope')?.split(' ') ?? [];
  return scopes.filter((scope) => scope.endsWith(DEFAULT)).map((scope) => scope.slice(0, -DEFAULT.length));
}

const DEFAULT = '/.default';
