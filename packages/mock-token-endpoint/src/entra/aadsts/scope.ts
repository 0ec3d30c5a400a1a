/** AADSTS codes of the scope, and of the resource it names. */
import { NOT_INSTALLED } from './consent.ts';
import { type AadstsEntry, row } from './entry.ts';

export const SCOPE_CODES: readonly AadstsEntry[] = [
  row(
    1002012,
    'invalid_scope',
    'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.',
  ),
  row(70011, 'invalid_scope', "The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."),
  row(28002, 'invalid_scope', 'The provided value for the scope of the access token is not valid: {scope}.'),
  row(700022, 'invalid_scope', 'The provided value for scope {scope} is not valid: it names more than one resource.'),
  row(500011, 'invalid_resource', `The resource principal named {resource} was not found in the tenant named {tenant}. ${NOT_INSTALLED}`),
  row(50001, 'invalid_resource', 'The resource named {resource} is disabled, or was not found in the tenant named {tenant}.'),
  row(90009, 'invalid_request', "Application '{clientId}' requests a token for itself: name the resource by its GUID."),
];
