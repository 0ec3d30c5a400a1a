/** AADSTS codes of what an administrator has not granted. */
import { type AadstsEntry, row } from './entry.ts';

/** Why a principal may be missing from a tenant. */
export const NOT_INSTALLED: string =
  'Either no administrator of the tenant has installed or consented to it, or the request went to the wrong tenant.';

export const CONSENT_CODES: readonly AadstsEntry[] = [
  row(
    7000229,
    'invalid_client',
    "The client application '{clientId}' is missing service principal in the tenant '{tenant}': an administrator there has to consent to it.",
  ),
  row(65001, 'invalid_grant', "No administrator has consented to use the application with ID '{clientId}'.", {
    suberror: 'consent_required',
  }),
  row(90094, 'access_denied', "The permissions of application '{clientId}' need the consent of an administrator.", {
    suberror: 'consent_required',
  }),
  row(501051, 'invalid_grant', "Application '{clientId}' is not assigned to a role for the application '{resource}'."),
  row(650057, 'invalid_resource', "The resource '{resource}' is not among the permissions in the registration of app '{clientId}'."),
  row(650056, 'invalid_client', "Misconfigured application '{clientId}': no permission is registered or consented to, or its id is wrong."),
  row(65005, 'invalid_client', "Misconfigured application '{clientId}': the permissions it requires do not include this resource."),
  row(
    650052,
    'invalid_client',
    "The organization '{tenant}' has no subscription for, or no service principal of, the service '{resource}'.",
  ),
];
