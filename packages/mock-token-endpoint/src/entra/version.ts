/** The two versions of Entra's endpoints as values: all that differs between them. */
import type { Checks } from '../checks/checks.ts';
import type { Services } from '../services.ts';
import type { Grant } from '../tokens.ts';
import type { AadstsRefusal } from './aadsts.ts';
import { readResource } from './checks/scope.ts';
import { type Granted, grantV1, grantV2, issuerOf, issuerOfV1 } from './grant.ts';

export interface EndpointVersion {
  /** Below the tenant: where its token and authorization endpoints are, and where its keys. */
  readonly oauthPath: string;
  readonly keysPath: string;
  /** The parameter that names the resource. */
  readonly parameter: 'resource' | 'scope';
  /** The resource that the value of this parameter asks for. */
  readonly readResource: (checks: Checks<AadstsRefusal>, value: string) => string;
  readonly issuerOf: (authorityHost: string, tenantId: string) => string;
  readonly grant: (granted: Granted, services: Services) => Grant;
}

// Entra: there it is the resource's registration that chooses the version of the token; here the endpoint does, so that both can be had.
export const V1: EndpointVersion = {
  oauthPath: 'oauth2',
  keysPath: 'discovery/keys',
  parameter: 'resource',
  readResource: (_, value) => value,
  issuerOf: issuerOfV1,
  grant: grantV1,
};

export const V2: EndpointVersion = {
  oauthPath: 'oauth2/v2.0',
  keysPath: 'discovery/v2.0/keys',
  parameter: 'scope',
  readResource,
  issuerOf,
  grant: grantV2,
};
