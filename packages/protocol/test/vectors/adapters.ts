/** Which adapter runs which file of `vectors/`. */
import { form } from './form.ts';
import type { Adapter } from './vector.ts';

export const adapters: Readonly<Record<string, Adapter>> = { form };
