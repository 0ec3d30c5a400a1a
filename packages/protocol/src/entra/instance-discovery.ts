/** Asks a login host of Microsoft's whether another host is one too. Entra's instance discovery, which MSAL uses; it is not documented. */
import type { AuthorizationServer } from '../authorization-server.ts';
import { parseIssuer } from '../discovery/well-known.ts';
import { quote } from '../errors.ts';
import { type HttpResponse, successObject } from '../http-response.ts';
import { answerError } from '../token-response/refusal.ts';
import { parseTenant } from './authority.ts';
import { cloudFacts, cloudOfHost } from './clouds.ts';

/** The names under which one login service is reached. */
export interface LoginInstance {
  /** The host that requests should go to. */
  readonly preferredHost: string;
  /** The hosts of this service, the one asked about among them. */
  readonly aliases: readonly string[];
}

/**
 * Where to ask about this server's host: at its own cloud, or at the public one if the host is a stranger. The request is a GET
 * and carries no credential.
 *
 * @throws {ProtocolError} `invalid_url` or `invalid_tenant` for a server that is none of Entra's
 */
export function instanceDiscoveryUrl(server: AuthorizationServer): string {
  const { host, origin } = parseIssuer(server.issuer, server);
  const { loginHost } = cloudFacts(cloudOfHost(host) ?? 'public');
  const query = new URLSearchParams({
    'api-version': '1.1',
    authorization_endpoint: `${origin}/${parseTenant(server.tenant ?? '')}/oauth2/v2.0/authorize`,
  });
  return `https://${loginHost}/common/discovery/instance?${query}`;
}

/**
 * The names of the host that was asked about; of one that is known and not listed, that name alone.
 *
 * @param expected.receivedAtMs  the clock when the answer came, for a `Retry-After` that names a date
 * @throws {TokenResponseError} `oauth_error` with the `error` `invalid_instance` (AADSTS50049) if it is no login host of Microsoft's;
 *   `invalid_response` if the answer says neither
 */
export function readInstanceDiscovery(
  response: HttpResponse,
  expected: { host: string; receivedAtMs?: number | undefined },
): LoginInstance {
  const { host, receivedAtMs = Number.NaN } = expected;
  const body = successObject(response, ['tenant_discovery_endpoint', 'metadata']);
  if (typeof body?.['tenant_discovery_endpoint'] !== 'string') {
    throw answerError(response, {
      from: `the instance discovery of ${quote(host)}`,
      receivedAtMs,
      why: 'does not say whether it is a login host',
    });
  }
  const instances = [body['metadata']].flat().flatMap(readInstance);
  return instances.find(({ aliases }) => aliases.includes(host)) ?? { preferredHost: host, aliases: [host] };
}

/** An entry that has not its form is passed over. */
function readInstance(entry: unknown): readonly LoginInstance[] {
  const { preferred_network: preferredHost, aliases } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  return isHost(preferredHost) && Array.isArray(aliases) ? [{ preferredHost, aliases: aliases.filter(isHost) }] : [];
}

function isHost(name: unknown): name is string {
  return typeof name === 'string' && /^[a-z0-9.-]+$/.test(name);
}
