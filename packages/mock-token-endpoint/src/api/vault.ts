/** A vault as Azure Key Vault is on the wire: its 401 names the authority and the resource to get a token for. Key Vault: authentication, requests and responses. */
import { VAULT_PATH, VAULT_RESOURCE } from '../api-resource.ts';
import { type Checks, judge } from '../checks/checks.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { checkBearer, factsOf, readPresentedToken } from './bearer.ts';
import type { GraphRefusal } from './graph-answer.ts';
import { vaultError, vaultSuccess } from './vault-answer.ts';
import { answerSecretRequest } from './vault-secrets.ts';

/** Answers a request below `VAULT_PATH`. The token comes first: who has none learns where to get one, and nothing else. */
export async function answerVaultRequest(request: MockRequest, services: Services): Promise<Outcome> {
  const presented = await readPresentedToken(request, services);
  const { made, granted, refusal } = await judge<object, GraphRefusal>(async (checks: Checks<GraphRefusal>) => {
    // Key Vault: with a slash at its end the audience is another one.
    const caller = await checkBearer(checks, { presented, request, services, audiences: [VAULT_RESOURCE] });
    const version = request.query.get('api-version') ?? '';
    checks.require(VERSION.test(version), {
      name: 'api-version is one there is',
      section: 'Key Vault: authentication, requests and responses',
      refusal: { status: 400, code: 'BadParameter', message: `The api-version is '${version}': give 7.0 or a later one.` },
    });
    return answerSecretRequest(checks, { request, services, caller, path: request.path.slice(VAULT_PATH.length) });
  });
  const answer = refusal ? vaultError(refusal, services) : vaultSuccess(granted, services);
  return { answer, checks: made, isTokenRequest: false, ...factsOf(presented?.claims) };
}

const VERSION = /^(?:7\.[0-9]|20[0-9]{2}-[0-9]{2}-[0-9]{2})(?:-preview(?:\.[0-9])?)?$/;
