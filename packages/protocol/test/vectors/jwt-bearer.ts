/** `vectors/jwt-bearer.json` */
import { buildJwtBearerRequest, type JwtBearerGrant } from '../../src/extension/jwt-bearer.ts';
import type { Adapter } from './vector.ts';

export const jwtBearer: Adapter = async ({ id, ...grant }: Omit<JwtBearerGrant, 'signer' | 'uniqueId'> & { id: string }) => {
  const signer = { algorithm: 'RS256', sign: () => new Uint8Array(256) } as const;
  const { url, headers, body } = await buildJwtBearerRequest({ ...grant, signer, uniqueId: () => id });
  const fields = new URLSearchParams(body);
  const [header, claims] = (fields.get('assertion') ?? '').split('.').map((part) => Buffer.from(part, 'base64url').toString());
  return { url, headers, names: [...fields.keys()], grantType: fields.get('grant_type'), header: parse(header), claims: parse(claims) };
};

function parse(json: string | undefined): unknown {
  return JSON.parse(json ?? '');
}
