/** Where identifiers and secrets come from: chance, or a seed that gives the same ones in the same order each time. */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { guidOf } from './guid.ts';

export interface Ids {
  /** A new GUID. */
  guid(): string;
  /** A new secret of `octets` octets, at most 64, base64url. */
  secret(octets: number): string;
  /** So many new octets, at most 64. */
  octets(count: number): Buffer;
  /** With a seed, back to the first one. */
  clear(): void;
}

interface IdsOptions {
  /** What they are for: those of one purpose do not depend on how many another has taken. */
  readonly purpose: 'start' | 'requests';
  readonly seed: string | undefined;
}

/** With a `seed`, everything is derived from it, the purpose and a count: the n-th identifier of two mocks with one seed is the same. */
export function createIds({ purpose, seed }: IdsOptions): Ids {
  return seed === undefined ? createRandomIds() : createSeededIds({ purpose, seed });
}

function createRandomIds(): Ids {
  return { guid: randomUUID, octets: randomBytes, secret: (octets) => randomBytes(octets).toString('base64url'), clear: () => undefined };
}

function createSeededIds({ purpose, seed }: { purpose: string; seed: string }): Ids {
  let count = 0;
  const next = () => {
    count += 1;
    return [purpose, `${count}`];
  };
  const octets: Ids['octets'] = (size) => createHmac('sha512', seed).update(JSON.stringify(next())).digest().subarray(0, size);
  return {
    guid: () => guidOf('seed', seed, ...next()),
    octets,
    secret: (size) => octets(size).toString('base64url'),
    clear: () => {
      count = 0;
    },
  };
}
