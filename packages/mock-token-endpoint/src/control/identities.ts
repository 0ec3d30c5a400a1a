/** What a daemon proves itself with: certificates, federated tokens, and the environment of a platform. */
import type { IssueRequest } from '../pki/issue.ts';
import type { PlatformName } from '../platform/environment.ts';
import type { FederatedTokenRequest } from '../platform/external-issuer.ts';
import { json } from './answer.ts';
import type { ControlRoute } from './route.ts';

/** Their bodies and names are judged by those who use them, as those of the handle are. */
export const IDENTITY_ROUTES: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: 'certificates',
    purpose: 'A new certificate with its key: { subject?, key?, notBeforeMs?, notAfterMs?, selfSigned?, registered? }.',
    takesBody: true,
    answer: async ({ steering, body }) => json(201, await steering.issueCertificate(body as IssueRequest)),
  },
  {
    method: 'POST',
    path: 'federated-tokens',
    purpose: 'A token of the external issuer: { subject?, audience?, lifetimeSeconds? }.',
    takesBody: true,
    answer: async ({ steering, body }) => json(201, { token: await steering.createFederatedToken(body as FederatedTokenRequest) }),
  },
  {
    method: 'GET',
    path: 'platform/{name}',
    purpose: 'The environment variables of a platform, pointing at this mock.',
    answer: async ({ steering, parameter }) => json(200, { environment: await steering.platformEnvironment(parameter as PlatformName) }),
  },
];
