/** What the metadata services of Azure VMs and of Azure Arc have in common: the header against forwarded requests, and their answers. */
import type { Checks } from '../checks/checks.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import type { PlatformRefusal, TokenFacts } from './identity-endpoint.ts';

/** Where the rules of these services stand. */
export const METADATA_SECTION: string = 'Azure: Instance Metadata Service';

/** Passes for a request that was made for this service and by a program on this machine. */
export function checkMetadataHeaders<Refusal>(
  checks: Checks<Refusal>,
  { request: { headers }, refuse }: { request: MockRequest; refuse: (message: string) => Refusal },
): void {
  // A server that can be made to fetch a URL can rarely be made to send this header too.
  checks.require(headers['metadata'] === 'true', {
    name: 'the header Metadata is true',
    section: METADATA_SECTION,
    refusal: refuse('Required metadata header not specified'),
  });
  checks.require(headers['x-forwarded-for'] === undefined, {
    name: 'no proxy has forwarded the request',
    section: METADATA_SECTION,
    refusal: refuse('A request with the header X-Forwarded-For is not answered.'),
  });
}

/** RFC 6749 §5.1, but all strings, and always with an empty refresh token. */
export function metadataMembers(facts: TokenFacts): Readonly<Record<string, string>> {
  return { ...facts, refresh_token: '' };
}

/** RFC 6749 §5.2. */
export function metadataRefusal({ status, error, message, headers = {} }: PlatformRefusal): Answer {
  return { status, headers, body: { error, error_description: message } };
}
