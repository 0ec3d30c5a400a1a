/** `vectors/entra-authority.json` */
import { entraServer } from '../../src/entra/authority.ts';
import type { Adapter } from './vector.ts';

export const entraAuthority: Adapter = (input: Parameters<typeof entraServer>[0]) => {
  const { issuer, tokenEndpoint, mtlsTokenEndpoint } = entraServer(input);
  return { issuer, tokenEndpoint, mtlsTokenEndpoint };
};
