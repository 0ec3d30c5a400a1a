/** Microsoft Entra ID as the authority: a cloud and one real tenant. */
import { type AuthorizationServer, cloudOfHost, type EntraServerOptions, entraServer } from '@client-credentials/protocol';
import type { Environment } from '../environment.ts';
import type { Authority } from './authority.ts';
import { isKnownServer, isMicrosoftServer, untrusted } from './login-host.ts';
import { detectRegion } from './region.ts';
import { type Answer, type Question, shareAnswer } from './shared-answer.ts';

/** Where an Entra tenant is found, and what of it has to be found out. */
export interface EntraOptions extends EntraServerOptions {
  /**
   * Lets credentials go to an `authorityHost` of which neither this library nor Microsoft knows, such as one that is cut off from the
   * Internet. Default: false; then Microsoft is asked about an unknown host, once a day, before anything is sent there.
   */
  trustAuthorityHost?: boolean | undefined;
  /**
   * An Azure region, such as `westeurope`, whose own hosts take the requests, or `auto` for the one in which this process runs:
   * `REGION_NAME`, else what the virtual machine says, asked once; where neither says one, the global host. Default: none. Entra
   * serves there only managed identities and Microsoft's own tenants and applications; it answers anybody else with AADSTS100007.
   */
  region?: 'auto' | (string & {}) | undefined;
  /** Where `auto` finds `REGION_NAME`. Default: `process.env`. */
  environment?: Environment | undefined;
}

/**
 * One Entra tenant. Nothing is asked first, unless its host is an unknown one or `region` is `auto`.
 *
 * @param options.tenant  the tenant's GUID or domain name; never `common`, `organizations` or `consumers`
 * @throws {ProtocolError} `invalid_tenant`, `invalid_url`, `invalid_parameter`
 * @throws {TokenSourceError} from `getToken`, before a credential is sent: `untrusted_authority` for a host that is none of Microsoft's;
 *   `network` or `timeout` if Microsoft could not be asked
 * @see Microsoft identity platform and the OAuth 2.0 client credentials flow
 *   https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function entra(options: EntraOptions): Authority {
  // `auto` passes for the name of a region: it is refused where there can be none.
  const server = entraServer(options);
  if (options.region === 'auto') return tenantAuthority({ ...options, region: undefined }, askForRegion(options));
  return tenantAuthority({ ...options }, options.trustAuthorityHost === true || isKnownServer(server) ? undefined : askForHost());
}

/** Finds out the region to go to, if any, or why not to go there. */
type AskForPlace = Question<Answer<string | undefined>>;

/** @param ask  shared by all tenants, `undefined` if nothing has to be found out */
function tenantAuthority(options: EntraServerOptions, ask: AskForPlace | undefined): Authority {
  const server = entraServer(options);
  const cloud = cloudOfHost(new URL(server.issuer).host);
  return {
    kind: 'entra',
    issuer: server.issuer,
    ...(server.tenant !== undefined && { tenant: server.tenant }),
    ...(cloud !== undefined && { cloud }),
    ...(ask === undefined
      ? { server }
      : {
          async discover(context) {
            const { answer: region, ...times } = await ask(server, context);
            return { server: entraServer({ ...options, region }), ...times };
          },
        }),
    forTenant: (tenant) => tenantAuthority({ ...options, tenant }, ask),
  };
}

function askForRegion({ environment = process.env }: EntraOptions): AskForPlace {
  return shareAnswer((_, context) => detectRegion(environment, context), { lifetimeMs: A_LIFETIME_MS });
}

function askForHost(): AskForPlace {
  const ask = shareAnswer(isMicrosoftServer, { lifetimeMs: DAY_MS });
  return async (server: AuthorizationServer, context) => {
    const { answer, ...times } = await ask(server, context);
    if (answer) return { answer: undefined, ...times };
    throw untrusted(server, "is none of Microsoft's, as Microsoft says; if credentials may go there, say so with trustAuthorityHost");
  };
}

const DAY_MS = 24 * 3600 * 1000;
/** A process stays where it is: a hundred years. */
const A_LIFETIME_MS = 100 * 365 * DAY_MS;
