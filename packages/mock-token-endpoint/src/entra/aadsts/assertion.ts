/** AADSTS codes of a client assertion: its form, its claims, its signature. */
import { type AadstsEntry, row } from './entry.ts';

const CERTIFICATE_PAGE = 'See https://learn.microsoft.com/entra/identity-platform/certificate-credentials .';

export const ASSERTION_CODES: readonly AadstsEntry[] = [
  // Its form
  row(50027, 'invalid_request', 'JWT token is invalid or malformed. [Reason - {reason}]'),
  row(5002727, 'invalid_request', "Invalid JWT header type specified. Allowed types: '{types}'."),
  row(5002738, 'invalid_client', "Invalid JWT token. '{algorithm}' is not a supported signature algorithm. Supported: '{supported}'."),
  row(5002730, 'invalid_client', 'Invalid JWT token. The signing key or its algorithm is not supported.'),
  row(
    5002723,
    'invalid_client',
    'Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in token header.',
  ),
  // Its claims
  row(90014, 'invalid_request', "The required field '{name}' is missing from the credential."),
  row(50048, 'invalid_client', "Subject mismatches issuer: 'sub' and 'iss' of the client assertion must both be the client id."),
  row(700021, 'invalid_client', `Client assertion application identifier doesn't match 'client_id' parameter. ${CERTIFICATE_PAGE}`),
  row(5002741, 'invalid_client', 'Invalid JWT token. {count} audience values provided, maximum allowed is 1.'),
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
  // Its signature
  row(700027, 'invalid_client', 'Client assertion failed signature validation. [Reason - {reason}]'),
  row(7000274, 'invalid_client', 'The signature of the client assertion is invalid.'),
  row(50006, 'invalid_client', 'Signature verification failed: the signature is invalid.'),
  row(50003, 'invalid_client', 'The application has no signing key, or no certificate of it is configured.'),
];
