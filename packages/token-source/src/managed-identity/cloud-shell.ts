/** Cloud Shell: a token service for the person who opened it. Seen in MSAL.NET. */
import { encodeForm } from '@client-credentials/protocol';
import { identityParameter } from './identity.ts';
import { type Host, type Platform, readEndpoint } from './platform.ts';
import { usualRhythm } from './retry-rhythm.ts';

/** Found by `MSI_ENDPOINT` alone. */
export function cloudShell({ environment, identity }: Host): Platform | undefined {
  const url = readEndpoint(environment, 'MSI_ENDPOINT');
  if (url === undefined) return undefined;
  identityParameter(identity, { name: NAME, parameters: {} });
  return {
    name: NAME,
    retryRhythm: usualRhythm,
    buildRequest: (resource) => ({
      url: url.href,
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', metadata: 'true' },
      body: encodeForm([['resource', resource]]),
    }),
  };
}

const NAME = 'Cloud Shell';
