/** AADSTS codes of a tenant or a cloud that is not the right one. */
import { type AadstsEntry, row } from './entry.ts';

const SPECIFIC = 'Use a tenant-specific endpoint.';

export const TENANT_CODES: readonly AadstsEntry[] = [
  row(90002, 'invalid_request', "Tenant '{tenant}' not found. Check the tenant id and the cloud."),
  row(900023, 'invalid_request', "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain."),
  row(50059, 'invalid_request', 'No tenant-identifying information found in either the request or implied by any provided credentials.'),
  row(90019, 'invalid_request', 'No tenant-identifying information found in the request.'),
  row(
    50128,
    'invalid_request',
    'Invalid domain name: no tenant-identifying information found in the request or implied by any credentials.',
  ),
  row(9001023, 'invalid_request', `The grant type is not supported over the /common or /consumers endpoints. ${SPECIFIC}`),
  row(90010, 'invalid_request', `The request is not supported over the /common or /consumers endpoints. ${SPECIFIC}`),
  row(90130, 'invalid_request', `Application '{clientId}' is not supported over the /common or /consumers endpoints. ${SPECIFIC}`),
  row(90124, 'invalid_request', `Resource '{resource}' is not supported over the /common or /consumers endpoints. ${SPECIFIC}`),
  row(50194, 'invalid_request', `Application '{clientId}' is not configured as a multi-tenant application. ${SPECIFIC}`),
  row(650059, 'unauthorized_client', "Application '{clientId}' takes only accounts of the tenant it is registered in, not of '{tenant}'."),
  // Clouds
  row(50049, 'invalid_instance', 'Unknown or invalid instance.'),
  row(90038, 'invalid_request', "The tenant '{tenant}' belongs to the national cloud of another instance. Use the endpoint of that cloud."),
  row(900382, 'invalid_client', 'Confidential client is not supported in a cross-cloud request.'),
  row(900432, 'invalid_client', 'Confidential client is not supported in a cross-cloud request: sign in at the cloud of the resource.'),
  row(90051, 'invalid_request', 'The delegation token is of another national cloud.'),
];
