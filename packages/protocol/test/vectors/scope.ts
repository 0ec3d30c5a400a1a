/** `vectors/scope.json` */
import { parseScope, type Scope } from '../../src/token-request/scope.ts';
import type { Adapter } from './vector.ts';

export const scope: Adapter = (input: { scope?: Scope }) => parseScope(input.scope);
