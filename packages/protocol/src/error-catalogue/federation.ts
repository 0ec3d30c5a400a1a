/** AADSTS errors of federated credentials: an assertion that another issuer signed. */
import type { CatalogueRow } from './error-explanation.ts';

export const FEDERATION_ERRORS: readonly CatalogueRow[] = [
  [
    [70021],
    'passing',
    'administrator',
    'No federated credential of the application matches the assertion.',
    'If the credential is new, wait: it takes some minutes until it is known everywhere. Then compare issuer, subject and audience of the assertion with it, letter by letter.',
  ],
  [
    [700211],
    'passing',
    'administrator',
    'No federated credential of the application has the issuer of the assertion (reported).',
    "If the credential is new, wait some minutes. Then set its Issuer to the assertion's iss, letter by letter, without spaces around it or a slash too many.",
  ],
  [
    [700212],
    'passing',
    'administrator',
    'No federated credential of the application has the audience of the assertion (reported).',
    "If the credential is new, wait some minutes. Then compare its Audience with the assertion's aud: by default api://AzureADTokenExchange, in the US government's and China's cloud another.",
  ],
  [
    [700213],
    'passing',
    'administrator',
    'No federated credential of the application has the subject of the assertion (reported).',
    "If the credential is new, wait some minutes. Then set its Subject to the assertion's sub. GitHub writes repo:owner/repo:… for older repositories, and repo:owner@ownerId/repo@repoId:… for those made, renamed or moved since 2026-07-15.",
  ],
  [
    [700223, 700238],
    'permanent',
    'administrator',
    'A policy of the tenant disables federated credentials (reported).',
    "Let an administrator allow this issuer in the tenant's policies, or use a certificate.",
  ],
  [
    [7002381],
    'permanent',
    'administrator',
    'The tenant takes assertions of this issuer only with the enterprise claim that its policy names (reported).',
    'Run from an organisation whose tokens carry that claim, or let an administrator change the policy.',
  ],
  [
    [700229],
    'permanent',
    'developer',
    "The assertion is a token of Entra, but a user's; only an app-only token can be a federated credential.",
    'Get the assertion as the application itself: from a managed identity or by the client-credentials grant, never on behalf of a user.',
  ],
  [
    [7000226],
    'permanent',
    'administrator',
    'The application has no federated credential (reported, unofficial).',
    'Add one under Certificates & secrets, Federated credentials, and check the client id.',
  ],
  [
    [7002131],
    'permanent',
    'administrator',
    'The subject of the assertion matches no federated credential and no expression of one (reported, unofficial).',
    "Compare the assertion's sub with the credential's subject or claims matching expression.",
  ],
  [
    [7002241],
    'permanent',
    'administrator',
    'The claims matching expression of a federated credential cannot be used (reported, unofficial).',
    'Correct the expression, or use a credential with a fixed subject.',
  ],
  [
    [700235],
    'permanent',
    'administrator',
    'Federated credentials with a claims matching expression are not supported here (reported, unofficial).',
    'Use a credential with a fixed subject.',
  ],
];
