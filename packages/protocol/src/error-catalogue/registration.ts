/** Entra's AADSTS errors of the application: whether the tenant knows it and lets it in. */
import type { CatalogueRow } from './error-explanation.ts';

export const REGISTRATION_ERRORS: readonly CatalogueRow[] = [
  [
    [700016],
    'permanent',
    'administrator',
    'The tenant knows no application with this client id.',
    'Compare client id, tenant and cloud with the app registration. If the application belongs to another tenant, let an administrator of this one consent to it first.',
  ],
  [
    [700011],
    'permanent',
    'administrator',
    'The application is not in the directory of this tenant.',
    'Compare client id, tenant and cloud with the app registration, and let an administrator of this tenant consent to the application.',
  ],
  [
    [7000229],
    'permanent',
    'administrator',
    'The application is registered, but has no service principal in this tenant (reported). Since March 2026 no token is issued without one.',
    'Create the service principal in the tenant: let an administrator consent to the application, or run "az ad sp create --id" with the client id.',
  ],
  [
    [7000112],
    'permanent',
    'administrator',
    'The application is disabled.',
    'In Enterprise applications open the application and under Properties set "Enabled for users to sign-in" to Yes; if Microsoft disabled it, find out why first.',
  ],
  [
    [70001],
    'permanent',
    'administrator',
    'The application is disabled or not authorised in this tenant.',
    'Under Enterprise applications check that it is there and enabled; compare client id and tenant.',
  ],
  [
    [650059],
    'permanent',
    'developer',
    'The application is registered for its own tenant alone, and another tenant was asked.',
    'Ask the tenant it is registered in; or, under Authentication of the app registration, allow accounts in any organizational directory and let the other tenant consent.',
  ],
  [
    [50194],
    'permanent',
    'developer',
    'The application is not registered for more than one tenant, and the request went to "common".',
    "Send the request to the tenant's own endpoint: configure its GUID or domain name.",
  ],
  [
    [90112],
    'permanent',
    'developer',
    'The client id is no GUID.',
    "Configure the Application (client) ID from the app registration's overview, not its name, object id or URI.",
  ],
];
