/** `vectors/admin-consent.json` */
import { buildAdminConsentUrl, readAdminConsentAnswer } from '../../src/entra/admin-consent.ts';
import { entraServer } from '../../src/entra/authority.ts';
import type { Cloud } from '../../src/entra/clouds.ts';
import type { Adapter } from './vector.ts';

interface Consent {
  readonly tenant: string;
  readonly cloud?: Cloud;
  readonly askedTenant?: string;
  readonly clientId: string;
  readonly scope: string;
  readonly redirectUri: string;
  readonly state: string;
}

export const adminConsent: Adapter = (input: { build: Consent } | { read: { answer: string; state: string } }) => {
  if ('read' in input) return readAdminConsentAnswer(input.read.answer, input.read);
  const { tenant, cloud, askedTenant, ...request } = input.build;
  return buildAdminConsentUrl({ ...request, server: entraServer({ tenant, cloud }), tenant: askedTenant });
};
