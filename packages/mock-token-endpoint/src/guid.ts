/** GUIDs as Entra writes them: lower-case, and the same one each time for the same name. */
import { createHash } from 'node:crypto';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether `text` is a GUID, in either case. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}

/** The GUID that stands for `parts`: no table of names has to be kept, however many tenants are asked for. */
export function guidOf(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  // Shaped as version 4, since some clients accept no other.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
