/** IMDS, the instance metadata service of a virtual machine: what is asked where nothing speaks of another platform. */
import type { HttpResponse } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import { identityParameter } from './identity.ts';
import { type Ask, type Host, type Platform, readEndpoint, withQuery } from './platform.ts';
import { IMDS_DEADLINE_MS, imdsRhythm } from './retry-rhythm.ts';

/**
 * At its fixed address, or at that of `AZURE_POD_IDENTITY_AUTHORITY_HOST`.
 *
 * @throws {TokenSourceError} `invalid_configuration` if that variable holds more than an origin
 * @see Use managed identities on a virtual machine to acquire access token
 *   https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export function imds({ environment, identity }: Host): Platform {
  const given = readEndpoint(environment, VARIABLE);
  if (given !== undefined && given.href !== `${given.origin}/`) {
    throw new TokenSourceError('invalid_configuration', `${VARIABLE} holds more than scheme and host; give it as http://169.254.169.254`);
  }
  const url = new URL('/metadata/identity/oauth2/token', given ?? USUAL_ORIGIN);
  const parameters = { clientId: 'client_id', objectId: 'object_id', resourceId: 'msi_res_id' };
  const named = identityParameter(identity, { name: NAME, parameters });
  return {
    name: NAME,
    retryRhythm: imdsRhythm,
    deadlineMs: IMDS_DEADLINE_MS,
    buildRequest: (resource) => ({
      url: withQuery(url, { 'api-version': '2018-02-01', resource, ...named }),
      method: 'GET',
      headers: { accept: 'application/json', metadata: 'true' },
    }),
    // Who names a host knows that it is there.
    ...(given === undefined && { find: finder(url.href) }),
  };
}

/**
 * Asks without the header `Metadata`, which the service refuses with 400, and quickly. Elsewhere nobody answers at this address, or the
 * metadata service of another cloud, in other words. Once it was found it is not looked for again.
 */
function finder(url: string): (ask: Ask) => Promise<void> {
  let isFound = false;
  return async (ask) => {
    if (isFound) return;
    const answer = await ask({ url, method: 'GET', headers: {} }, { timeoutMs: PROBE_TIMEOUT_MS }).catch((cause: unknown) => {
      throw new TokenSourceError('credential_unavailable', `${ABSENT}, and nobody answers at ${USUAL_ORIGIN}; ${ADVICE}`, { cause });
    });
    if (answer.status !== 400) throw otherAnswer(answer);
    isFound = true;
  };
}

function otherAnswer(answer: HttpResponse): TokenSourceError {
  return new TokenSourceError(
    'credential_unavailable',
    `${ABSENT}, and what answers at ${USUAL_ORIGIN} (HTTP ${answer.status}) does not do so as Azure does; ${ADVICE}`,
    // Azure too says so while the service is renewed.
    { transient: imdsRhythm(answer.status).length > 0 },
  );
}

const NAME = 'IMDS';
const VARIABLE = 'AZURE_POD_IDENTITY_AUTHORITY_HOST';
const USUAL_ORIGIN = 'http://169.254.169.254';
const PROBE_TIMEOUT_MS = 1000;
const ABSENT = 'No managed identity is to be had: no variable speaks of a platform';
const ADVICE = 'run on Azure with a managed identity, or give another credential';
