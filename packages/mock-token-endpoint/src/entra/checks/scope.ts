/** The scope rule of Entra's client credentials flow: one resource, as `{resource}/.default`. RFC 6749 §3.3. */

import type { Checks } from '../../checks/checks.ts';
import type { AadstsRefusal } from '../aadsts.ts';

/** The resource that `scope` asks for, as written: `https://a//.default` asks for `https://a/`. */
export function readResource(checks: Checks<AadstsRefusal>, scope: string): string {
  const values = { scope };
  checks.require(SCOPE.test(scope), {
    name: 'the scope is of the allowed characters',
    section: 'RFC 6749 §3.3',
    refusal: { aadsts: 70011, values },
  });
  const tokens = [...new Set(scope.split(' '))];
  const resources = tokens.filter((token) => token.endsWith(DEFAULT)).map((token) => token.slice(0, -DEFAULT.length));
  const [resource] = resources;
  checks.require(resource !== undefined && resource !== '', {
    name: 'the scope ends in /.default',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: 1002012, values },
  });
  checks.require(resources.length === 1, {
    name: 'the scope names one resource',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: 700022, values },
  });
  checks.require(tokens.length === 1, {
    name: 'nothing stands beside /.default',
    section: 'Entra: client credentials flow',
    refusal: { aadsts: 70011, values },
  });
  return resource;
}

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;
const DEFAULT = '/.default';
