/** IMDS, the metadata service of an Azure VM, where programs find their managed identity. Azure: Instance Metadata Service. */
import type { IdentityPlatform } from './identity-endpoint.ts';
import { checkMetadataHeaders, METADATA_SECTION, metadataMembers, metadataRefusal } from './metadata.ts';

/** `GET /metadata/identity/oauth2/token` */
export const imds: IdentityPlatform = {
  section: METADATA_SECTION,
  versions: ['2018-02-01'],
  identityParameters: { client_id: 'clientId', object_id: 'objectId', msi_res_id: 'resourceId' },
  admit: (checks, { request }) =>
    checkMetadataHeaders(checks, { request, refuse: (message) => ({ status: 400, error: 'invalid_request', message }) }),
  members: metadataMembers,
  refuse: metadataRefusal,
};
