/** `vectors/form.json` */
import { encodeForm } from '../../src/encoding/form.ts';
import type { Adapter } from './vector.ts';

export const form: Adapter = (input: { fields: [string, string][] }) => encodeForm(input.fields);
