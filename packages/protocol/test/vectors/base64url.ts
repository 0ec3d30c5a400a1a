/** `vectors/base64url.json` */
import { decodeBase64url, encodeBase64url } from '../../src/encoding/base64url.ts';
import type { Adapter } from './vector.ts';

export const base64url: Adapter = ({ octets, text }: { octets?: number[]; text?: string }) =>
  octets === undefined ? [...decodeBase64url(text ?? '')] : encodeBase64url(Uint8Array.from(octets));
