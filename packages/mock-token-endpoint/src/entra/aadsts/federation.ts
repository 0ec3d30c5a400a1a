/** AADSTS codes of a federated credential: another issuer's token in place of an assertion. Entra: workload identity federation. */
import { type AadstsEntry, row } from './entry.ts';

const NO_MATCH = 'No matching federated identity record found for presented assertion';
const COMPARED = 'The comparison is case-sensitive.';

export const FEDERATION_CODES: readonly AadstsEntry[] = [
  row(
    70021,
    'invalid_request',
    `${NO_MATCH}. Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: '{audience}'.`,
  ),
  row(700211, 'invalid_client', `${NO_MATCH} issuer '{issuer}'. ${COMPARED}`),
  row(700212, 'invalid_client', `${NO_MATCH} audience '{audience}'. ${COMPARED}`),
  row(700213, 'invalid_client', `${NO_MATCH} subject '{subject}'. ${COMPARED}`),
  row(700229, 'invalid_client', 'Only app-only tokens can be used as Federated Identity Credentials for the Entra issuer.'),
  row(7000226, 'invalid_client', "The application '{clientId}' has no federated identity credential."),
  row(7002131, 'invalid_client', `${NO_MATCH}: its subject meets no expression of a federated identity credential.`),
  row(7002241, 'invalid_client', 'The claims matching expression of a federated identity credential is not valid.'),
  row(700235, 'invalid_client', 'Federated identity credentials with a claims matching expression are not supported here.'),
  row(700223, 'invalid_client', "A policy of the tenant '{tenant}' disables federated identity credentials."),
  row(700238, 'invalid_client', "A policy of the tenant '{tenant}' does not allow this issuer of federated identity credentials."),
  row(7002381, 'invalid_client', 'A policy of the tenant requires the enterprise claim in tokens of this issuer.'),
];
