/** Microsoft's clouds: their login hosts, and the aliases of each. Tokens and registrations of one mean nothing in another. */

/** A national cloud, by its short name. */
export type Cloud = 'public' | 'usgov' | 'china';

/**
 * The cloud's login host, the one that requests go to.
 *
 * @see Microsoft Entra authentication and national clouds https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
export function loginHost(cloud: Cloud): string {
  return CLOUDS[cloud].host;
}

/** Whether a text names a cloud, for callers whose types were not checked. */
export function isCloud(name: string): name is Cloud {
  return Object.hasOwn(CLOUDS, name);
}

/** The cloud this host serves, under its own name or an alias; `undefined` for a host that is none of Microsoft's known ones. */
export function cloudOfHost(host: string): Cloud | undefined {
  return CLOUD_NAMES.find((cloud) => CLOUDS[cloud].host === host || CLOUDS[cloud].aliases.includes(host));
}

const CLOUDS: Readonly<Record<Cloud, { readonly host: string; readonly aliases: readonly string[] }>> = {
  public: { host: 'login.microsoftonline.com', aliases: ['login.windows.net', 'login.microsoft.com', 'sts.windows.net'] },
  usgov: { host: 'login.microsoftonline.us', aliases: ['login.usgovcloudapi.net'] },
  china: { host: 'login.partner.microsoftonline.cn', aliases: ['login.chinacloudapi.cn'] },
};
const CLOUD_NAMES: readonly Cloud[] = ['public', 'usgov', 'china'];
