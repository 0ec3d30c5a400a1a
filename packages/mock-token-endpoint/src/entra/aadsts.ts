/** The AADSTS codes this mock can answer with: OAuth error, HTTP status and message of each. */

/** A refusal before it is put into a face's shape: the code, and what to say where its message has a gap. */
export interface AadstsRefusal {
  readonly aadsts: number;
  readonly values?: Readonly<Record<string, string>>;
}

interface AadstsEntry {
  readonly error: string;
  readonly status: number;
  /** `{name}` is a gap that a refusal fills. */
  readonly message: string;
}

/** The entry of `code`; a code that is not in the table gets a general one. */
export function findAadsts(code: number): AadstsEntry {
  return TABLE.get(code) ?? { error: 'invalid_request', status: 400, message: 'The request was refused.' };
}

/** The refusal of a request that lacks a parameter. */
export function missingParameter(name: string): AadstsRefusal {
  return { aadsts: 900144, values: { name } };
}

/** The entry's message with its gaps filled. */
export function fillMessage(message: string, values: Readonly<Record<string, string | undefined>>): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'unknown');
}

const CERTIFICATE_PAGE = 'See https://learn.microsoft.com/entra/identity-platform/certificate-credentials .';
const NOT_INSTALLED = 'Either no administrator of the tenant has installed or consented to it, or the request went to the wrong tenant.';

// Entra answers invalid_client with 401 and nearly everything else with 400; where a status differs, it is named.
const TABLE: ReadonlyMap<number, AadstsEntry> = new Map([
  // The request
  row(900561, 'invalid_request', 'The endpoint only accepts POST requests. Received a {method} request.'),
  row(900144, 'invalid_request', "The request body must contain the following parameter: '{name}'."),
  row(9002313, 'invalid_request', 'Invalid request. Request is malformed or invalid. {reason}'),
  row(901002, 'invalid_request', "The 'resource' request parameter isn't supported."),
  row(70003, 'unsupported_grant_type', "The app requested an unsupported grant type '{grant}'."),
  // The tenant
  row(90002, 'invalid_request', "Tenant '{tenant}' not found. Check the tenant id and the cloud."),
  row(900023, 'invalid_request', "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain."),
  row(
    9001023,
    'invalid_request',
    'The grant type is not supported over the /common or /consumers endpoints. Use a tenant-specific endpoint.',
  ),
  row(50059, 'invalid_request', 'No tenant-identifying information found in either the request or implied by any provided credentials.'),
  row(50049, 'invalid_instance', 'Unknown or invalid instance.'),
  // The client
  row(
    700016,
    'unauthorized_client',
    `Application with identifier '{clientId}' was not found in the directory '{tenant}'. ${NOT_INSTALLED}`,
  ),
  row(7000112, 'unauthorized_client', "Application '{clientId}' is disabled."),
  row(7000229, 'unauthorized_client', "The client application '{clientId}' is missing service principal in the tenant '{tenant}'."),
  row(700025, 'invalid_client', "Client '{clientId}' is public, so neither 'client_assertion' nor 'client_secret' should be presented."),
  // A secret
  row(7000216, 'invalid_client', "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."),
  row(7000218, 'invalid_client', "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."),
  row(
    7000215,
    'invalid_client',
    "Invalid client secret provided. Send the secret's value, not its id, of a secret added to app '{clientId}'.",
  ),
  row(7000222, 'invalid_client', "The provided client secret keys for app '{clientId}' are expired."),
  // An assertion
  row(50027, 'invalid_request', 'JWT token is invalid or malformed. {reason}'),
  row(5002727, 'invalid_request', "Invalid JWT header type specified, must be 'JWT' or 'http://openid.net/specs/jwt/1.0'."),
  row(5002738, 'invalid_client', "Invalid JWT token. '{algorithm}' is not a supported signature algorithm. Supported: 'PS256,RS256'."),
  row(
    5002723,
    'invalid_client',
    'Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in token header.',
  ),
  row(5002741, 'invalid_client', 'Invalid JWT token. {count} audience values provided, maximum allowed is 1.'),
  row(90014, 'invalid_request', "The required field '{name}' is missing from the credential."),
  row(50048, 'invalid_client', "Subject mismatches issuer: 'sub' and 'iss' of the client assertion must both be the client id."),
  row(700021, 'invalid_client', `Client assertion application identifier doesn't match 'client_id' parameter. ${CERTIFICATE_PAGE}`),
  row(
    700023,
    'invalid_client',
    `Client assertion audience claim does not match Realm issuer; '{expected}' is expected. ${CERTIFICATE_PAGE}`,
  ),
  row(
    700024,
    'invalid_client',
    `Client assertion is not within its valid time range. Current time: {now}, assertion valid from {start}, expiry time of assertion {end}. ${CERTIFICATE_PAGE}`,
  ),
  row(700027, 'invalid_client', 'Client assertion failed signature validation. [Reason - {reason}]'),
  row(1000502, 'invalid_client', 'The provided certificate is not within its specified validity period.'),
  row(7000214, 'invalid_client', "The certificate used by app '{clientId}' has been revoked."),
  row(70021, 'invalid_request', 'No matching federated identity record found for presented assertion.'),
  // The scope and the resource
  row(
    1002012,
    'invalid_scope',
    'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.',
  ),
  row(70011, 'invalid_scope', "The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."),
  row(700022, 'invalid_scope', 'The provided value for scope {scope} is not valid: it names more than one resource.'),
  row(500011, 'invalid_resource', `The resource principal named {resource} was not found in the tenant named {tenant}. ${NOT_INSTALLED}`),
  row(501051, 'invalid_grant', "Application '{clientId}' is not assigned to a role for the application '{resource}'."),
  row(65001, 'invalid_grant', "No administrator has consented to use the application with ID '{clientId}'."),
  // Policy and load
  row(53003, 'access_denied', 'Access has been blocked by Conditional Access policies.'),
  row(50196, 'invalid_grant', 'The server terminated an operation because it encountered a client request loop.'),
  row(90055, 'temporarily_unavailable', 'Tenant is being throttled: too many requests.', 429),
  row(90033, 'temporarily_unavailable', 'A transient error has occurred. Try again.', 503),
]);

function row(code: number, error: string, message: string, status = error === 'invalid_client' ? 401 : 400): [number, AadstsEntry] {
  return [code, { error, status, message }];
}
