/** A federated credential in GitHub Actions: the workflow's own token, asked for anew each time. GitHub: OpenID Connect. */
import { type HttpResponse, parseEndpoint, unreadableAnswer } from '@client-credentials/protocol';
import { type Environment, readVariable } from '../environment.ts';
import { TokenSourceError } from '../errors.ts';
import type { Credential, CredentialContext } from './credential.ts';
import { createTokenLoader, exchangeAudience } from './external-token.ts';
import { type OptionTypes, requireKnownOptions } from './known-options.ts';
import { unavailable } from './unavailable.ts';

export interface GithubActionsOptions {
  /** Default: Entra's for the exchange in this cloud, elsewhere the issuer. */
  audience?: string | undefined;
  /** Default: `process.env`. */
  environment?: Environment | undefined;
  /** Lets GitHub be played by a server on this machine. */
  allowHttpLoopback?: boolean | undefined;
}

/**
 * The workflow's token for this audience. It lives for some five minutes and is never kept: each attempt asks GitHub for a new one.
 *
 * @throws {TokenSourceError} `invalid_configuration`; from `getToken`: `credential_unavailable` outside of a workflow, without its permission `id-token: write`,
 *   and when GitHub gives no token; `network`, `timeout`, `redirected`
 * @throws {ProtocolError} from `getToken`: `invalid_url`, `invalid_credential`
 * @see OpenID Connect reference https://docs.github.com/actions/reference/security/oidc
 */
export function githubActions(options: GithubActionsOptions = {}): Credential {
  requireKnownOptions(options, { of: KIND, types: OPTION_TYPES });
  const { environment = process.env, allowHttpLoopback } = options;
  const loadToken = createTokenLoader(KIND);
  return {
    kind: KIND,
    async load(context) {
      const audience = options.audience ?? exchangeAudience(context.authority);
      const url = parseEndpoint(required(environment, URL_VARIABLE), { name: `The variable ${URL_VARIABLE}`, allowHttpLoopback });
      // GitHub's has a query already.
      url.searchParams.set('audience', audience);
      return loadToken(await requestToken({ url: url.href, requestToken: required(environment, TOKEN_VARIABLE) }, context));
    },
  };
}

async function requestToken(
  { url, requestToken }: { readonly url: string; readonly requestToken: string },
  { transport, signal, timeoutMs, now }: CredentialContext,
): Promise<string> {
  const headers = { accept: 'application/json', authorization: `bearer ${requestToken}` };
  const response = await transport.send({ url, method: 'GET', headers, signal, timeoutMs });
  const token = response.status === 200 ? readValue(response) : undefined;
  if (token !== undefined) return token;
  const context = { from: "GitHub's token service", receivedAtMs: now(), request: { headers, body: '' } };
  const answer = unreadableAnswer(response, context, 'holds no token; does the job have the permission id-token: write?');
  throw unavailable('The token of the workflow could not be had', answer, { nowMs: now() });
}

/** `{ "value": "eyJ…" }` */
function readValue({ body }: HttpResponse): string | undefined {
  try {
    const { value } = JSON.parse(Buffer.from(body).toString());
    return typeof value === 'string' ? value : undefined;
  } catch {
    // A parser's message quotes what it read.
    return undefined;
  }
}

function required(environment: Environment, name: string): string {
  const value = readVariable(environment, name);
  if (value !== undefined) return value;
  throw new TokenSourceError(
    'credential_unavailable',
    `${name} is not set: this is no job of GitHub Actions, or it lacks the permission id-token: write; add that to its permissions`,
  );
}

const KIND = 'githubActions';
const OPTION_TYPES: OptionTypes<GithubActionsOptions> = {
  audience: ['string'],
  environment: ['object'],
  allowHttpLoopback: ['boolean'],
};
const URL_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const TOKEN_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';
