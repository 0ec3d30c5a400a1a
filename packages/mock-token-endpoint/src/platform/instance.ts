/** What IMDS tells a program about the VM it runs on; clients read their region here. Azure: Instance Metadata Service. */
import { type Checks, judge } from '../checks/checks.ts';
import type { Outcome } from '../outcome.ts';
import type { Answer } from '../server/http.ts';
import type { PlatformContext } from './identity-endpoint.ts';
import { checkMetadataHeaders, METADATA_SECTION } from './metadata.ts';

/** `GET /metadata/instance/compute`. Who names no version, or an unknown one, is told which there are, newest first. */
export async function answerInstanceRequest({ request }: PlatformContext): Promise<Outcome> {
  const { made, refusal } = await judge<void, Answer>((checks: Checks<Answer>) => {
    checks.require(request.method === 'GET', {
      name: 'the method is GET',
      section: METADATA_SECTION,
      refusal: { status: 405, headers: { allow: 'GET' }, body: { error: 'Method not allowed.' } },
    });
    checkMetadataHeaders(checks, {
      request,
      refuse: (message) => ({ status: 400, headers: {}, body: { error: `Bad request. ${message}` } }),
    });
    checks.require(VERSIONS.includes(request.query.get('api-version') ?? ''), {
      name: 'api-version is one there is',
      section: METADATA_SECTION,
      refusal: {
        status: 400,
        headers: {},
        body: { error: 'Bad request. api-version is unknown or was not specified in the request.', 'newest-versions': VERSIONS },
      },
    });
  });
  return { answer: refusal ?? { status: 200, headers: {}, body: COMPUTE }, checks: made, isTokenRequest: false };
}

const VERSIONS: readonly string[] = ['2021-02-01', '2020-12-01', '2020-10-01'];
const COMPUTE = {
  azEnvironment: 'AzurePublicCloud',
  location: 'westeurope',
  name: 'mock-vm',
  osType: 'Linux',
  resourceGroupName: 'mock',
  subscriptionId: '00000000-0000-0000-0000-000000000000',
};
