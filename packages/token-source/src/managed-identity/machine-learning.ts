/** Azure Machine Learning: the token service of old App Service, with a name of its own for the client id. Seen in MSAL.NET. */
import { readVariable } from '../environment.ts';
import { type Identity, identityParameter } from './identity.ts';
import { type Host, type Platform, readEndpoint, withQuery } from './platform.ts';
import { usualRhythm } from './retry-rhythm.ts';

/** Found by `MSI_ENDPOINT` and `MSI_SECRET`. The identity that needs no name has its client id in `DEFAULT_IDENTITY_CLIENT_ID`. */
export function machineLearning({ environment, identity }: Host): Platform | undefined {
  const secret = readVariable(environment, 'MSI_SECRET');
  const url = secret === undefined ? undefined : readEndpoint(environment, 'MSI_ENDPOINT');
  if (secret === undefined || url === undefined) return undefined;
  const named = identityParameter(identity ?? usualIdentity(readVariable(environment, 'DEFAULT_IDENTITY_CLIENT_ID')), {
    name: NAME,
    parameters: { clientId: 'clientid' },
  });
  return {
    name: NAME,
    retryRhythm: usualRhythm,
    buildRequest: (resource) => ({
      url: withQuery(url, { 'api-version': '2017-09-01', resource, ...named }),
      method: 'GET',
      headers: { accept: 'application/json', metadata: 'true', secret },
    }),
  };
}

function usualIdentity(clientId: string | undefined): Identity | undefined {
  return clientId === undefined ? undefined : { kind: 'clientId', id: clientId };
}

const NAME = 'Azure Machine Learning';
