/** `vectors/metadata.json` */
import { readMetadata } from '../../src/discovery/metadata.ts';
import type { Adapter } from './vector.ts';

export const metadata: Adapter = (input: { issuer: string; document: unknown; status?: number; contentType?: string }) =>
  readMetadata(
    {
      status: input.status ?? 200,
      headers: { 'content-type': input.contentType ?? 'application/json' },
      body: JSON.stringify(input.document),
    },
    { issuer: input.issuer },
  );
