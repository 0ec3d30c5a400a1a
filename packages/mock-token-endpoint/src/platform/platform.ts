/** What a platform gives the programs that run on it: managed identities and federated tokens, without TLS as on a real host. */
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { APP_SERVICE_PATH, appService } from './app-service.ts';
import { AZURE_ARC_PATH, azureArc } from './azure-arc.ts';
import { answerIssuerConfiguration, answerIssuerKeys, EXTERNAL_ISSUER_PATH } from './external-issuer.ts';
import { answerWorkflowTokenRequest, GITHUB_ACTIONS_PATH } from './github-actions.ts';
import { answerIdentityRequest, type IdentityPlatform, type PlatformContext } from './identity-endpoint.ts';
import { imds } from './imds.ts';
import { answerInstanceRequest } from './instance.ts';

/** The honest outcome of a request to a platform's endpoint, or `undefined` for a path there is none at. */
export async function answerPlatformRequest(request: MockRequest, services: Services): Promise<Outcome | undefined> {
  // MSAL puts a slash before the query.
  return ENDPOINTS.get(request.path.replace(/\/$/, ''))?.({ request, services });
}

type Endpoint = (context: PlatformContext) => Promise<Outcome>;

function identityEndpoint(platform: IdentityPlatform): Endpoint {
  return (context) => answerIdentityRequest(platform, context);
}

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ['/metadata/identity/oauth2/token', identityEndpoint(imds)],
  ['/metadata/instance/compute', answerInstanceRequest],
  [APP_SERVICE_PATH, identityEndpoint(appService)],
  [AZURE_ARC_PATH, identityEndpoint(azureArc)],
  [GITHUB_ACTIONS_PATH, answerWorkflowTokenRequest],
  [`${EXTERNAL_ISSUER_PATH}/.well-known/openid-configuration`, answerIssuerConfiguration],
  [`${EXTERNAL_ISSUER_PATH}/jwks`, answerIssuerKeys],
]);
