/** Whether a client secret is one of the client's. RFC 6749 §2.3.1. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Client } from '../directory/client.ts';
import type { AadstsRefusal } from '../entra/aadsts.ts';
import type { Checks } from './checks.ts';

/** Passes when `secret` is registered for the client and still good. A secret's id is not its value, and so it is a wrong secret. */
export function checkSecret(
  checks: Checks<AadstsRefusal>,
  { secret, client }: { readonly secret: string | undefined; readonly client: Client },
): void {
  checks.require(!isOneOf(secret, client.expiredSecrets), {
    name: 'the secret has not expired',
    section: 'Entra: error codes',
    refusal: { aadsts: 7000222 },
  });
  checks.require(isOneOf(secret, client.secrets), {
    name: 'the secret is registered for the client',
    section: 'RFC 6749 §2.3.1',
    refusal: { aadsts: 7000215 },
  });
}

/** Whether `secret` is one of `registered`, in a time that does not depend on where they differ. */
export function isOneOf(secret: string | undefined, registered: readonly string[]): boolean {
  if (secret === undefined) return false;
  const digest = sha256(secret);
  return registered.map((candidate) => timingSafeEqual(sha256(candidate), digest)).includes(true);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
