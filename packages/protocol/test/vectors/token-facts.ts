/** `vectors/token-facts.json` */
import { explainToken } from '../../src/entra/token-facts.ts';
import type { Adapter } from './vector.ts';

export const tokenFacts: Adapter = (input: { claims: object }) => {
  const [header, claims] = [{ alg: 'none' }, input.claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return explainToken(`${header}.${claims}.`);
};
