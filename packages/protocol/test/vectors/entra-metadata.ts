/** `vectors/entra-metadata.json` */
import { entraServer } from '../../src/entra/authority.ts';
import { readEntraMetadata } from '../../src/entra/metadata.ts';
import type { Adapter } from './vector.ts';

export const entraMetadata: Adapter = (input: { tenant: string; authorityHost?: string; document: unknown }) => {
  const response = { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(input.document) };
  const { issuer, tenant, tokenEndpoint } = readEntraMetadata(response, { server: entraServer(input) });
  return { issuer, tenant, tokenEndpoint };
};
