/** `vectors/jwk-thumbprint.json` */
import { jwkThumbprint as thumbprintOf } from '../../src/jws/jwk-thumbprint.ts';
import { type Jwk, readPublicKey } from '../../src/jws/public-key.ts';
import type { Adapter } from './vector.ts';

export const jwkThumbprint: Adapter = ({ key }: { key: Jwk }) => ({ thumbprint: thumbprintOf(key), publicKey: readPublicKey(key).jwk });
