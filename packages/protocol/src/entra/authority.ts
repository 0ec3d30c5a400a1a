/** Entra's authority: a login host and one real tenant. */
import type { AuthorizationServer } from '../authorization-server.ts';
import { ProtocolError, quote } from '../errors.ts';
import { parseEndpoint, quoteUrl } from '../url.ts';
import { type Cloud, cloudFacts, cloudOfHost, isKnownLoginHost } from './clouds.ts';
import { mtlsHost, tokenHost } from './request-host.ts';

/** Where an Entra tenant is found. */
export interface EntraServerOptions {
  /** The tenant's GUID or one of its domain names. */
  tenant: string;
  /** Default: `public`. */
  cloud?: Cloud | undefined;
  /**
   * A login host, or its URL, in place of the cloud's own. A known alias is replaced by the host it stands for, so that the
   * request and the assertion's `aud` name the same one.
   */
  authorityHost?: string | undefined;
  /**
   * An Azure region, such as `westeurope`, whose own hosts take the requests. Default: none, and the environment is not asked.
   * Entra serves there only managed identities and Microsoft's own tenants and applications, which authenticate by subject name
   * and issuer; it answers anybody else with AADSTS100007.
   */
  region?: string | undefined;
  /** Lets `http:` through for a loopback host. Default: false. */
  allowHttpLoopback?: boolean | undefined;
}

/**
 * The authorization server of one Entra tenant. Its issuer is that of the cloud's own host, whichever host the requests go to;
 * it has an `mtlsTokenEndpoint` where Microsoft is known to have a host that asks for client certificates.
 *
 * @throws {ProtocolError} `invalid_tenant` for `common`, `organizations`, `consumers` and for what is no tenant; `invalid_url` for
 *   an unusable host; `invalid_parameter` if cloud and host contradict each other, or for a region that is none, or that is asked
 *   for at a host which is not Microsoft's
 * @see Microsoft identity platform and the OAuth 2.0 client credentials flow
 *   https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function entraServer(options: EntraServerOptions): AuthorizationServer {
  const { region, allowHttpLoopback } = options;
  const tenant = parseTenant(options.tenant);
  const configured = loginUrl(options);
  const { origin, protocol, host } = preferred(configured);
  if (region !== undefined && !isKnownLoginHost(host)) {
    throw new ProtocolError(
      'invalid_parameter',
      `A region is given with the authority host ${quote(host)}, and only Microsoft's known login hosts have regions; give one of the two`,
    );
  }
  const mtls = mtlsHost(configured.host, region);
  return {
    profile: 'entra',
    issuer: `${origin}/${tenant}/v2.0`,
    tokenEndpoint: `${protocol}//${tokenHost(host, region)}/${tenant}/oauth2/v2.0/token`,
    ...(mtls !== undefined && { mtlsTokenEndpoint: `https://${mtls}/${tenant}/oauth2/v2.0/token` }),
    tenant,
    ...(allowHttpLoopback === true && { allowHttpLoopback: true }),
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

/** The login host as configured, not yet by the name the cloud prefers. */
function loginUrl({ cloud, authorityHost, allowHttpLoopback }: EntraServerOptions): URL {
  const { loginHost } = cloudFacts(cloud ?? 'public');
  if (authorityHost === undefined) return new URL(`https://${loginHost}`);
  const isHost = typeof authorityHost === 'string' && !authorityHost.includes('://');
  const url = parseEndpoint(isHost ? `https://${authorityHost}` : authorityHost, { name: 'The authority host', allowHttpLoopback });
  if (url.pathname !== '/' || url.search !== '') {
    throw new ProtocolError(
      'invalid_url',
      `The authority host is ${quoteUrl(authorityHost)}; give the host alone, the tenant is an option of its own`,
    );
  }
  const known = cloudOfHost(url.host);
  if (cloud !== undefined && known !== undefined && cloud !== known) {
    throw new ProtocolError(
      'invalid_parameter',
      `The authority host ${quoteUrl(authorityHost)} belongs to the cloud "${known}", and the cloud given is "${cloud}"; give one of the two`,
    );
  }
  return url;
}

/** The same service by the name that its cloud prefers. */
function preferred(url: URL): URL {
  const cloud = cloudOfHost(url.host);
  return cloud === undefined ? url : new URL(`https://${cloudFacts(cloud).loginHost}`);
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
