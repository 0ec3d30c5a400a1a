/** AADSTS codes of a token request that is not well formed. */
import { type AadstsEntry, row } from './entry.ts';

export const REQUEST_CODES: readonly AadstsEntry[] = [
  row(900561, 'invalid_request', 'The endpoint only accepts POST requests. Received a {method} request.'),
  row(90121, 'invalid_request', 'The request is empty or malformed.'),
  row(900144, 'invalid_request', "The request body must contain the following parameter: '{name}'."),
  row(90023, 'invalid_request', 'The request is malformed or invalid. [Reason - {reason}]'),
  row(9002313, 'invalid_request', 'Invalid request. Request is malformed or invalid. [Reason - {reason}]'),
  row(90013, 'invalid_request', 'An input of the request is invalid. [Reason - {reason}]'),
  row(90112, 'invalid_request', "The application identifier '{clientId}' is expected to be a GUID."),
  row(901002, 'invalid_request', "The 'resource' request parameter isn't supported."),
  row(
    50011,
    'invalid_request',
    "The redirect URI of the request is not one of application '{clientId}': here only one of this machine is.",
  ),
  row(70003, 'unsupported_grant_type', "The app requested an unsupported grant type '{grant}'."),
];
