/** A source for an Entra tenant that a server on this machine plays: what differs from any other server is its authority. */
import { entra, type TokenSourceOptions } from '../../src/index.ts';
import type { Loopback } from '../loopback.ts';
import { type Harness, sourceFor } from '../source.ts';

export const TENANT = '11111111-1111-1111-1111-111111111111';
export const OTHER_TENANT = '22222222-2222-2222-2222-222222222222';
export const SCOPE = 'api://orders/.default';

export function entraSource(loopback: Loopback, options: Partial<TokenSourceOptions> = {}): Harness {
  return sourceFor(loopback, {
    authority: entra({ tenant: TENANT, authorityHost: loopback.origin, allowHttpLoopback: true }),
    ...options,
  });
}

/** The tenant that a request was made to. */
export function tenantOf({ path }: { readonly path: string }): string {
  return path.split('/')[1] ?? '';
}
