/** AADSTS errors of client secrets, and of requests without a credential. */
import type { CatalogueRow } from './error-explanation.ts';

export const SECRET_ERRORS: readonly CatalogueRow[] = [
  [
    [7000215],
    'permanent',
    'operator',
    'The client secret is none of this application.',
    'Add a new secret under Certificates & secrets of the app registration and copy its Value, not its Secret ID. Check that it belongs to this client id, and that nothing encodes it a second time.',
  ],
  [
    [7000222],
    'permanent',
    'operator',
    'The client secret has expired.',
    'Add a new secret under Certificates & secrets of the app registration and give the program its Value; better, change to a certificate or a federated credential.',
  ],
  [
    [7000216],
    'permanent',
    'developer',
    'A client-credentials request came without a secret or an assertion (reported).',
    'Send client_secret, or client_assertion with client_assertion_type. If the program does, its body is encoded wrongly: look for "&amp;" where "&" should stand.',
  ],
  [
    [7000218],
    'permanent',
    'developer',
    'The request body has neither client_assertion nor client_secret.',
    'Configure a credential for the client, and check that the body is form-encoded and arrives whole.',
  ],
  [
    [70002],
    'permanent',
    'operator',
    "The client's credential could not be validated.",
    'Check that the secret or certificate is registered for this client id and has not expired; then replace it.',
  ],
  [
    [700025],
    'permanent',
    'developer',
    'The application is registered as a public client, and the request carries a credential.',
    'Register the daemon as a confidential client: under Authentication of the app registration remove the mobile and desktop platform or set "Allow public client flows" to No.',
  ],
];
