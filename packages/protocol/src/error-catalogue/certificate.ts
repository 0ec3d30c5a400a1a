/** AADSTS errors of certificates: their validity, their trust, and mutual TLS. */
import type { CatalogueRow } from './error-explanation.ts';

export const CERTIFICATE_ERRORS: readonly CatalogueRow[] = [
  [
    [7000214, 7000277],
    'permanent',
    'operator',
    'The certificate has been revoked (reported).',
    'Issue a new key and certificate, register it for the application, and remove the old one.',
  ],
  [
    [1000502],
    'permanent',
    'operator',
    'The certificate has expired or is not yet valid (reported).',
    "Issue a new certificate and register it; check this machine's clock if it looks valid.",
  ],
  [
    [700030],
    'permanent',
    'administrator',
    'The subject name of the certificate is not authorised for this application.',
    "Add the certificate's subject and issuer to the application's trusted subjects, or upload the certificate itself.",
  ],
  [
    [50012],
    'permanent',
    'administrator',
    'Authentication by certificate failed: its subject, chain, thumbprint or signature, or the policy that trusts it.',
    "Check that the certificate is registered and in force; if it is trusted by subject and issuer, that the chain is sent (x5c) and the tenant's trust policy names both.",
  ],
  [
    [50017],
    'passing',
    'administrator',
    'The certificate could not be validated: its issuer is not trusted, or its revocation list could not be fetched.',
    'Try again later, since a revocation list may have been out of reach. If it stays, let an administrator check the trusted issuers and that their revocation lists can be downloaded.',
  ],
  [
    [51000],
    'permanent',
    'developer',
    'A feature that the request uses is disabled for this application, such as authentication by mutual TLS.',
    'Have the application enabled for it, or stop sending requests to the mTLS host and sign an assertion instead.',
  ],
  [
    [392189],
    'permanent',
    'developer',
    'The mTLS endpoint takes only certificates trusted by subject and issuer, or federated identities (reported).',
    'Send the chain in the assertion (x5c) from an application that trusts its subject and issuer, or use the ordinary token endpoint.',
  ],
  [
    [392200],
    'permanent',
    'operator',
    'The TLS connection carried no client certificate.',
    'Give the HTTP client the certificate and its key for this host, and check that no proxy ends the connection on the way.',
  ],
  [
    [392204],
    'permanent',
    'operator',
    'The client certificate on the TLS connection has expired.',
    'Issue a new certificate, register it, and restart the connections that hold the old one.',
  ],
  [
    [500181],
    'permanent',
    'operator',
    'The certificate on the TLS connection is not the one in the assertion.',
    'Use one certificate for both; after a renewal close the connections that were opened with the old one.',
  ],
  [
    [1000610, 1000611, 1000612, 1000613, 1000614],
    'permanent',
    'operator',
    'The attestation token, by which a virtual machine gets its certificate, is not accepted (reported).',
    'Fetch a new certificate from the metadata service without its cache, and send the request with that one.',
  ],
];
