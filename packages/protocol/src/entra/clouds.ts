/** Microsoft's clouds: their login hosts and what else differs between them. Tokens and registrations of one mean nothing in another. */
import { ProtocolError, quote } from '../errors.ts';

/** A national cloud, by its short name. */
export type Cloud = 'public' | 'usgov' | 'china';

/** What a daemon needs to know of a cloud besides its tenant. Each resource is also a scope when `/.default` is put behind it. */
export interface CloudFacts {
  /** Where token requests go. */
  readonly loginHost: string;
  /** Other names of the same login service. */
  readonly aliases: readonly string[];
  /** The audience that a federated assertion must carry here. */
  readonly federationAudience: string;
  /** Microsoft Graph; GCC tenants of the US government use the public one. */
  readonly graph: string;
  /** Microsoft Graph for the US Department of Defense, which signs in where all of the US government does. */
  readonly graphDod?: string;
  /** The resource of Key Vault; each vault has a host of its own below it. */
  readonly keyVault: string;
  /** Azure Resource Manager. */
  readonly resourceManager: string;
}

/**
 * The facts of a cloud, frozen.
 *
 * @throws {ProtocolError} `invalid_parameter` for any other name
 * @see Microsoft Entra authentication and national clouds https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * @see Microsoft Graph national cloud deployments https://learn.microsoft.com/graph/deployments
 */
export function cloudFacts(cloud: Cloud): CloudFacts {
  if (Object.hasOwn(CLOUDS, cloud)) return CLOUDS[cloud];
  throw new ProtocolError('invalid_parameter', `The cloud is ${quote(cloud)}; it must be "public", "usgov" or "china"`);
}

/**
 * The cloud this host serves, under its own name or an alias; `undefined` for any other host.
 *
 * @see Microsoft Entra authentication and national clouds https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
export function cloudOfHost(host: string): Cloud | undefined {
  return CLOUD_NAMES.find((cloud) => CLOUDS[cloud].loginHost === host || CLOUDS[cloud].aliases.includes(host));
}

/**
 * Whether credentials may go to this host without anybody vouching for it: a login host of one of the clouds, or of a sovereign
 * cloud in Europe or Singapore, of which nothing but that host is known here. Not among them: `login.microsoftonline.de` (closed
 * in 2021), `login-us.microsoftonline.com` (superseded), and the hosts on which Microsoft tests its own releases.
 *
 * @see Microsoft Entra authentication and national clouds https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
export function isKnownLoginHost(host: string): boolean {
  return cloudOfHost(host) !== undefined || SOVEREIGN_LOGIN_HOSTS.has(host);
}

const CLOUDS: Readonly<Record<Cloud, CloudFacts>> = {
  public: Object.freeze({
    loginHost: 'login.microsoftonline.com',
    aliases: Object.freeze(['login.windows.net', 'login.microsoft.com', 'sts.windows.net']),
    federationAudience: 'api://AzureADTokenExchange',
    graph: 'https://graph.microsoft.com',
    keyVault: 'https://vault.azure.net',
    resourceManager: 'https://management.azure.com',
  }),
  usgov: Object.freeze({
    loginHost: 'login.microsoftonline.us',
    aliases: Object.freeze(['login.usgovcloudapi.net']),
    federationAudience: 'api://AzureADTokenExchangeUSGov',
    graph: 'https://graph.microsoft.us',
    graphDod: 'https://dod-graph.microsoft.us',
    keyVault: 'https://vault.usgovcloudapi.net',
    resourceManager: 'https://management.usgovcloudapi.net',
  }),
  china: Object.freeze({
    loginHost: 'login.partner.microsoftonline.cn',
    // Microsoft's page of Graph deployments still prints this one.
    aliases: Object.freeze(['login.chinacloudapi.cn']),
    federationAudience: 'api://AzureADTokenExchangeChina',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    keyVault: 'https://vault.azure.cn',
    resourceManager: 'https://management.chinacloudapi.cn',
  }),
};
const CLOUD_NAMES: readonly Cloud[] = ['public', 'usgov', 'china'];
/** Bleu in France, Delos in Germany, GovSG in Singapore, as MSAL knows them (2026-07). */
const SOVEREIGN_LOGIN_HOSTS: ReadonlySet<string> = new Set([
  'login.sovcloud-identity.fr',
  'login.sovcloud-identity.de',
  'login.sovcloud-identity.sg',
]);
