/** `vectors/introspection.json` */
import { buildIntrospectionRequest, readIntrospectionResponse } from '../../src/extension/introspection.ts';
import { type PresentedTokenInput, presentedToken } from './presented-token.ts';
import type { Adapter } from './vector.ts';

export const introspection: Adapter = (input: PresentedTokenInput) =>
  'server' in input ? buildIntrospectionRequest(presentedToken(input)) : readIntrospectionResponse(input, { receivedAtMs: 0 });
