/** The attributes that name a server. */
import type { Attributes } from '@opentelemetry/api';

/** `127.0.0.1:8443`, `[::1]` or `login.microsoftonline.com`, as an address and a port. */
export function serverOf(host: string | undefined): Attributes {
  const [, address, port] = /^(.*?)(?::([0-9]+))?$/.exec(host ?? '') ?? [];
  return {
    ...(address && { 'server.address': address }),
    ...(port && { 'server.port': Number(port) }),
  };
}
