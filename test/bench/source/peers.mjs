/** Where the libraries are that these benchmarks compare with, and are no dependencies of ours: beside the interop tests. */
import { existsSync } from 'node:fs';

const INTEROP = new URL('../../interop/package.json', import.meta.url);

/** Whether `npm run interop` has installed them. Without them their rows are left out. */
export const hasPeers = existsSync(new URL('node_modules', INTEROP));

/** `@azure/identity` as a program beside it would import it. The process wants `--experimental-import-meta-resolve`. */
export function importIdentity() {
  return import(import.meta.resolve('@azure/identity', INTEROP));
}

export function importOauth4webapi() {
  return import(import.meta.resolve('oauth4webapi', import.meta.resolve('openid-client', INTEROP)));
}
