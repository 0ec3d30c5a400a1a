/** Azure Arc: a metadata service on any machine, which has its callers prove that they may read a file. Azure Arc: managed identity authentication. */
import type { Checks } from '../checks/checks.ts';
import type { IdentityPlatform, PlatformRefusal } from './identity-endpoint.ts';
import { checkMetadataHeaders, metadataMembers, metadataRefusal } from './metadata.ts';

/** Its path on the local listener; IMDS has the real one here. */
export const AZURE_ARC_PATH: string = '/arc/metadata/identity/oauth2/token';

const SECTION = 'Azure Arc: managed identity authentication';

/** `GET {IDENTITY_ENDPOINT}`, the first time for the name of a file, the second time with what is in it. Only the system has an identity. */
export const azureArc: IdentityPlatform = {
  section: SECTION,
  // The documented one, and that of older clients.
  versions: ['2020-06-01', '2019-11-01'],
  identityParameters: {},
  admit: async (checks: Checks<PlatformRefusal>, { request, services }) => {
    checkMetadataHeaders(checks, { request, refuse: (message) => ({ status: 400, error: 'invalid_request', message }) });
    const { arcChallenges } = services.platform;
    const key = /^basic +(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
    const isMet = key !== undefined && arcChallenges.meet(key);
    const headers = isMet ? {} : { 'www-authenticate': `Basic realm=${octetsOf(await arcChallenges.issue())}` };
    checks.require(isMet, {
      name: 'the caller has read the file of a challenge',
      section: SECTION,
      refusal: { status: 401, error: 'unauthorized_client', message: 'Read the file that WWW-Authenticate names.', headers },
    });
  },
  members: metadataMembers,
  refuse: metadataRefusal,
};

/** A path as HTTP can carry it: its UTF-8 octets, one a character. RFC 9110 §5.5. */
function octetsOf(path: string): string {
  return Buffer.from(path).toString('latin1');
}
