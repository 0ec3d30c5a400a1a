/** Entra's authority: a login host and one real tenant. */
import type { AuthorizationServer } from '../authorization-server.ts';
import { ProtocolError, quote } from '../errors.ts';
import { parseEndpoint } from '../url.ts';
import { type Cloud, cloudOfHost, isCloud, loginHost } from './clouds.ts';

/**
 * The authorization server of one Entra tenant.
 *
 * @param options.tenant  the tenant's GUID or one of its domain names
 * @param options.cloud  default: `public`
 * @param options.authorityHost  a login host, or its URL, in place of the cloud's own. A known alias is replaced by the host it
 *   stands for, so that the request and the assertion's `aud` name the same one
 * @throws {ProtocolError} `invalid_tenant` for `common`, `organizations`, `consumers` and for what is no tenant; `invalid_url` for
 *   an unusable host; `invalid_parameter` if cloud and host contradict each other
 * @see Microsoft identity platform and the OAuth 2.0 client credentials flow
 *   https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function entraServer(options: {
  tenant: string;
  cloud?: Cloud | undefined;
  authorityHost?: string | undefined;
  allowHttpLoopback?: boolean | undefined;
}): AuthorizationServer {
  const tenant = parseTenant(options.tenant);
  const origin = authorityOrigin(options);
  return {
    profile: 'entra',
    issuer: `${origin}/${tenant}/v2.0`,
    tokenEndpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    tenant,
    ...(options.allowHttpLoopback === true && { allowHttpLoopback: true }),
  };
}

/**
 * The tenant in lower case.
 *
 * @throws {ProtocolError} `invalid_tenant`
 */
export function parseTenant(tenant: string): string {
  if (typeof tenant !== 'string') throw new ProtocolError('invalid_tenant', `The tenant is ${quote(tenant)}; give a GUID or a domain name`);
  const name = tenant.toLowerCase();
  if (NO_TENANT.has(name)) {
    throw new ProtocolError(
      'invalid_tenant',
      `The tenant is ${quote(tenant)}, which stands for many; a daemon signs in to one tenant: give its GUID or domain name`,
    );
  }
  if (!TENANT.test(name)) {
    throw new ProtocolError(
      'invalid_tenant',
      `The tenant is ${quote(tenant)}; give a GUID or a domain name such as "contoso.onmicrosoft.com"`,
    );
  }
  return name;
}

function authorityOrigin(options: {
  cloud?: Cloud | undefined;
  authorityHost?: string | undefined;
  allowHttpLoopback?: boolean | undefined;
}): string {
  const { cloud, authorityHost, allowHttpLoopback } = options;
  if (cloud !== undefined && !isCloud(cloud)) {
    throw new ProtocolError('invalid_parameter', `The cloud is ${quote(cloud)}; it must be "public", "usgov" or "china"`);
  }
  if (authorityHost === undefined) return `https://${loginHost(cloud ?? 'public')}`;
  const url = parseEndpoint(authorityHost.includes('://') ? authorityHost : `https://${authorityHost}`, {
    name: 'The authority host',
    allowHttpLoopback,
  });
  if (url.pathname !== '/' || url.search !== '') {
    throw new ProtocolError(
      'invalid_url',
      `The authority host is ${quote(authorityHost)}; give the host alone, the tenant is an option of its own`,
    );
  }
  const known = cloudOfHost(url.host);
  if (known === undefined) return url.origin;
  if (cloud !== undefined && cloud !== known) {
    throw new ProtocolError(
      'invalid_parameter',
      `The authority host ${quote(authorityHost)} belongs to the cloud "${known}", and the cloud given is "${cloud}"; give one of the two`,
    );
  }
  return `https://${loginHost(known)}`;
}

const NO_TENANT: ReadonlySet<string> = new Set([
  'common',
  'organizations',
  'consumers',
  // The tenant of personal accounts, which no daemon can be granted anything in.
  '9188040d-6c67-4c5b-b112-36a304b66dad',
]);
/** A GUID, or a DNS name of two labels or more. */
const TENANT =
  /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$/;
