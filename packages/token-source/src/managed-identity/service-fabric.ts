/** Service Fabric: a token service on each node, over TLS. Azure: How to leverage a Service Fabric application's managed identity. */
import { parseEndpoint } from '@client-credentials/protocol';
import { readVariable } from '../environment.ts';
import { identityParameter } from './identity.ts';
import { type Host, type Platform, withQuery } from './platform.ts';
import { usualRhythm } from './retry-rhythm.ts';

/**
 * Found by `IDENTITY_ENDPOINT`, `IDENTITY_HEADER` and `IDENTITY_SERVER_THUMBPRINT`.
 *
 * The certificate of the service must be one that Node trusts for its host: the thumbprint in the environment is not taken in place of
 * that. The secret is sent only after the certificate was accepted.
 *
 * @throws {ProtocolError} `invalid_url` unless the endpoint is https
 * @see Service Fabric, acquiring an access token using REST
 *   https://learn.microsoft.com/azure/service-fabric/how-to-managed-identity-service-fabric-app-code
 */
export function serviceFabric({ environment, identity }: Host): Platform | undefined {
  const endpoint = readVariable(environment, 'IDENTITY_ENDPOINT');
  const secret = readVariable(environment, 'IDENTITY_HEADER');
  const thumbprint = readVariable(environment, 'IDENTITY_SERVER_THUMBPRINT');
  if (endpoint === undefined || secret === undefined || thumbprint === undefined) return undefined;
  const url = parseEndpoint(endpoint, { name: 'The variable IDENTITY_ENDPOINT' });
  const named = identityParameter(identity, { name: NAME, parameters: { objectId: 'principalId' } });
  return {
    name: NAME,
    retryRhythm: usualRhythm,
    buildRequest: (resource) => ({
      url: withQuery(url, { 'api-version': '2020-05-01', resource, ...named }),
      method: 'GET',
      headers: { accept: 'application/json', secret },
    }),
  };
}

const NAME = 'Service Fabric';
