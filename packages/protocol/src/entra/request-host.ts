/** Which host a token request goes to: the login host, its regional form, or the one that asks for a client certificate. */
import { ProtocolError, quote } from '../errors.ts';
import { cloudOfHost, isKnownLoginHost } from './clouds.ts';

/**
 * The host of ordinary token requests.
 *
 * @param loginHost  the host by the name that the cloud prefers
 * @param region  an Azure region, such as `westeurope`
 * @throws {ProtocolError} `invalid_parameter` for a region that could be anything but one label of a host name
 */
export function tokenHost(loginHost: string, region: string | undefined): string {
  if (region === undefined) return loginHost;
  // Entra: the public cloud's regional hosts stand below another name than its global one.
  return inRegion(cloudOfHost(loginHost) === 'public' ? 'login.microsoft.com' : loginHost, region);
}

/**
 * The host of token requests with a client certificate on the connection; `undefined` where none is known. Entra documents none
 * of them; they are as MSAL has them (2026-07).
 *
 * @param loginHost  the host as configured: two aliases have no such host, though the clouds they stand for do
 * @throws {ProtocolError} `invalid_parameter` for a region that could be anything but one label of a host name
 * @see RFC 8705 §5 https://www.rfc-editor.org/rfc/rfc8705#section-5
 */
export function mtlsHost(loginHost: string, region: string | undefined): string | undefined {
  if (!isKnownLoginHost(loginHost) || ALIASES_WITHOUT_MTLS.has(loginHost)) return undefined;
  const host = cloudOfHost(loginHost) === 'public' ? 'mtlsauth.microsoft.com' : loginHost.replace('login', 'mtlsauth');
  return region === undefined ? host : inRegion(host, region);
}

/** Checked where the name is built, so that no way leads around it: a region often comes from the environment. */
function inRegion(host: string, region: string): string {
  if (typeof region !== 'string' || !REGION.test(region)) {
    throw new ProtocolError(
      'invalid_parameter',
      `The region is ${quote(region)}; give the short name of an Azure region, such as "westeurope"`,
    );
  }
  return `${region.toLowerCase()}.${host}`;
}

const REGION = /^[A-Za-z0-9]{2,32}$/;
const ALIASES_WITHOUT_MTLS: ReadonlySet<string> = new Set(['login.usgovcloudapi.net', 'login.chinacloudapi.cn']);
