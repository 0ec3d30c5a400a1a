/** A certificate and its private key, for signed client assertions. RFC 7523 §2.2. */
import { type AssertionOverrides, type ClientCertificate, privateKeyJwt } from '@client-credentials/protocol';
import { OVERRIDE_TYPES, requireOverrides } from './assertion-options.ts';
import { createCertificateReader } from './certificate-reader.ts';
import { type CertificateSource, readSource, requireSource } from './certificate-source.ts';
import type { Credential, LoadedCredential } from './credential.ts';
import { requireKnownOptions } from './known-options.ts';
import type { Value } from './value.ts';

/**
 * A certificate, or a function that returns the present one and is asked for every request. It is parsed anew only when its content
 * changed. It is used whatever methods the server's metadata list: some servers leave `private_key_jwt` out.
 *
 * @param source  `pem`, `der` with a `privateKey`, or `pfx`
 * @param options  what shall differ from the authority's profile of the assertion
 * @throws {TokenSourceError} `invalid_configuration`
 * @throws {ProtocolError} `invalid_parameter`, `unsupported_algorithm`; from `getToken`, before anything is sent, as `readCertificate`,
 *   `readPkcs12` and `privateKeyJwt` do
 * @see RFC 7523 §2.2 https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export function certificate(source: Value<CertificateSource>, options: AssertionOverrides = {}): Credential {
  requireKnownOptions(options, { of: 'certificate', types: OVERRIDE_TYPES });
  const overrides = { ...options };
  requireOverrides(overrides);
  if (typeof source !== 'function') requireSource(source);
  const read = createCertificateReader();
  return {
    kind: 'certificate',
    async load({ now, signal }) {
      const held = await read(await readSource(source, { signal }), { nowMs: now() });
      return assertingCredential(held, { kind: 'certificate', overrides });
    },
  };
}

/**
 * The credential that signs assertions with a certificate's key.
 *
 * @throws {ProtocolError} `unsupported_algorithm` if that key cannot sign as asked for
 */
export function assertingCredential(
  held: ClientCertificate,
  { kind, overrides }: { readonly kind: string; readonly overrides: AssertionOverrides },
): LoadedCredential {
  const authentication = privateKeyJwt({ ...overrides, certificate: held });
  return { kind, fingerprint: held.x5tS256, expiresAtMs: held.notAfterMs, authentication: () => authentication };
}
