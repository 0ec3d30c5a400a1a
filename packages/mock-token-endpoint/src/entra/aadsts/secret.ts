/** AADSTS codes of a client secret, and of a credential that is missing. */
import { type AadstsEntry, row } from './entry.ts';

export const SECRET_CODES: readonly AadstsEntry[] = [
  row(
    7000215,
    'invalid_client',
    "Invalid client secret provided. Send the secret's value, not its id, of a secret added to app '{clientId}'.",
  ),
  row(
    7000222,
    'invalid_client',
    "The provided client secret keys for app '{clientId}' are expired. Create a new secret, or use a certificate.",
  ),
  row(7000216, 'invalid_client', "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."),
  row(7000218, 'invalid_client', "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."),
  row(70002, 'invalid_client', 'Error validating credentials. Check the client secret.'),
];
