/** Azure Arc: an agent on a machine anywhere, which has its callers prove that they may read a file. Azure Arc: managed identity authentication. */
import { existsSync } from 'node:fs';
import { isLoopbackHost } from '@client-credentials/protocol';
import { readVariable } from '../environment.ts';
import { TokenSourceError } from '../errors.ts';
import { readArcKey } from './arc-key.ts';
import { identityParameter } from './identity.ts';
import { type Host, type Platform, readEndpoint, withQuery } from './platform.ts';
import { usualRhythm } from './retry-rhythm.ts';

/**
 * Found by `IDENTITY_ENDPOINT` and `IMDS_ENDPOINT`, or by the agent's program. Only the machine itself has an identity.
 *
 * @throws {TokenSourceError} `invalid_configuration` for an endpoint on another machine
 * @see Authenticate against Azure resources with Azure Arc-enabled servers
 *   https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export function azureArc({ environment, identity, arc }: Host): Platform | undefined {
  const url = findEndpoint({ environment, arc });
  if (url === undefined) return undefined;
  // It is sent what is in the file, and only this machine's agent has a use for that.
  if (!isLoopbackHost(url.hostname)) {
    throw new TokenSourceError('invalid_configuration', `IDENTITY_ENDPOINT names the host "${url.host}"; Azure Arc's agent is on this one`);
  }
  identityParameter(identity, { name: NAME, parameters: {} });
  return {
    name: NAME,
    retryRhythm: usualRhythm,
    buildRequest: (resource) => ({
      url: withQuery(url, { 'api-version': '2020-06-01', resource }),
      method: 'GET',
      headers: { accept: 'application/json', metadata: 'true' },
    }),
    prove: async (answer) => {
      const authorization = await readArcKey(answer, arc.tokensFolder);
      return authorization === undefined ? undefined : { authorization };
    },
  };
}

function findEndpoint({ environment, arc }: Pick<Host, 'environment' | 'arc'>): URL | undefined {
  if (readVariable(environment, 'IMDS_ENDPOINT') !== undefined) {
    const url = readEndpoint(environment, 'IDENTITY_ENDPOINT');
    if (url !== undefined) return url;
  }
  return existsSync(arc.program) ? new URL(USUAL_ENDPOINT) : undefined;
}

const NAME = 'Azure Arc';
const USUAL_ENDPOINT = 'http://127.0.0.1:40342/metadata/identity/oauth2/token';
