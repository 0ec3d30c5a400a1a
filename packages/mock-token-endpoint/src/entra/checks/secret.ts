/** Whether a client secret is one of the client's. RFC 6749 §2.3.1. */
import type { Checks } from '../../checks/checks.ts';
import { isOneOf } from '../../checks/secret.ts';
import type { Client } from '../../directory/client.ts';
import type { AadstsRefusal } from '../aadsts.ts';

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
