/** `vectors/well-known.json` */
import { insertedOpenidConfigurationUrl, oauthMetadataUrl, openidConfigurationUrl, parseIssuer } from '../../src/discovery/well-known.ts';
import type { Adapter } from './vector.ts';

export const wellKnown: Adapter = ({ issuer }: { issuer: string }) => {
  parseIssuer(issuer);
  return {
    openid: openidConfigurationUrl(issuer),
    oauth: oauthMetadataUrl(issuer),
    openidInserted: insertedOpenidConfigurationUrl(issuer),
  };
};
