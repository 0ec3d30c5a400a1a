/** AADSTS errors of the request's form. */
import type { CatalogueRow } from './error-explanation.ts';

export const REQUEST_ERRORS: readonly CatalogueRow[] = [
  [
    [900144],
    'permanent',
    'developer',
    'The request body lacks a parameter, which the description names.',
    'Add the parameter, and check that the body is form-encoded with the content type application/x-www-form-urlencoded.',
  ],
  [
    [90023, 9002313],
    'permanent',
    'developer',
    'The request is malformed.',
    'Compare the body, with its secrets hidden, with one that works: each parameter once, encoded once, joined by "&".',
  ],
  [
    [900561],
    'permanent',
    'developer',
    'The token endpoint takes POST, and another method came.',
    'Send POST. If the program does, a redirect turned it into GET: configure the final URL.',
  ],
  [[90121], 'permanent', 'developer', 'The request is empty.', 'Check that the body is sent and that no proxy or redirect drops it.'],
  [[70003], 'permanent', 'developer', 'The grant type is not supported.', 'Send grant_type=client_credentials, in just these letters.'],
  [
    [90013],
    'permanent',
    'developer',
    'A value in the request is not valid.',
    'Check client id, tenant and scope for stray characters, such as quotes or line breaks from a file.',
  ],
];
