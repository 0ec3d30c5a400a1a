/** AADSTS codes of an application that is not registered here, or may not be used. */

import { NOT_INSTALLED } from './consent.ts';
import { type AadstsEntry, row } from './entry.ts';

export const CLIENT_CODES: readonly AadstsEntry[] = [
  row(
    700016,
    'unauthorized_client',
    `Application with identifier '{clientId}' was not found in the directory '{tenant}'. ${NOT_INSTALLED}`,
  ),
  row(700011, 'unauthorized_client', "Application with identifier '{clientId}' was not found in the directory."),
  row(7000112, 'unauthorized_client', "Application '{clientId}' is disabled."),
  row(70001, 'unauthorized_client', "The application '{clientId}' is disabled, or not authorized for this request."),
  row(700025, 'invalid_client', "Client '{clientId}' is public, so neither 'client_assertion' nor 'client_secret' should be presented."),
];
