/** Where identifiers and secrets come from: chance, or a seed that gives the same ones in the same order each time. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { guidOf } from './guid.ts';

export interface Ids {
  /** A new GUID. */
  guid(): string;
  /** A new secret of `octets` octets, base64url. */
  secret(octets: number): string;
}

/** With a `seed`, everything is derived from it and a count: the n-th identifier of two mocks with one seed is the same. */
export function createIds(seed: string | undefined): Ids {
  if (seed === undefined) return { guid: randomUUID, secret: (octets) => randomBytes(octets).toString('base64url') };
  let count = 0;
  const next = () => {
    count += 1;
    return `${count}`;
  };
  return {
    guid: () => guidOf('seed', seed, next()),
    secret: (octets) => createHmac('sha512', seed).update(next()).digest().subarray(0, octets).toString('base64url'),
  };
}
