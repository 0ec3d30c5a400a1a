/** A certificate that the TLS connection shows, as the client's authentication. RFC 8705 §2; Entra's `mtls_pop`. */
import { createTlsBinding, selfSignedTlsClientAuth, tlsClientAuth } from '@client-credentials/protocol';
import type { Authority } from '../authority/authority.ts';
import { TokenSourceError } from '../errors.ts';
import { createCertificateReader } from './certificate-reader.ts';
import { type CertificateSource, readSource, requireSource } from './certificate-source.ts';
import type { Credential } from './credential.ts';
import { type OptionTypes, requireKnownOptions } from './known-options.ts';
import type { Value } from './value.ts';

export interface MutualTlsOptions {
  /** Whether the server knows the certificate itself, rather than who issued it to whom. Default: false. RFC 8705 §2.2. */
  selfSigned?: boolean | undefined;
  /**
   * Whether the tokens are bound to the certificate: then each works only over a connection that shows it too. Default: false. With
   * other servers that is set up at the server; Entra is asked for it (`mtls_pop`), which is experimental. RFC 8705 §3.
   */
  boundTokens?: boolean | undefined;
}

/**
 * Shows a certificate on the connection to the token endpoint, and to no other host. The body has the client id alone.
 *
 * @param source  as for `certificate`; a function is asked for every request
 * @throws {TokenSourceError} `invalid_configuration`, also from `getToken` for Entra without `boundTokens`
 * @throws {ProtocolError} from `getToken`, before anything is sent, as `certificate`
 * @see RFC 8705 §2 https://www.rfc-editor.org/rfc/rfc8705#section-2
 */
export function mutualTls(source: Value<CertificateSource>, options: MutualTlsOptions = {}): Credential {
  requireKnownOptions(options, { of: 'mutualTls', types: OPTION_TYPES });
  if (typeof source !== 'function') requireSource(source);
  const { selfSigned = false, boundTokens = false } = options;
  const authentication = selfSigned ? selfSignedTlsClientAuth() : tlsClientAuth();
  const read = createCertificateReader();
  return {
    kind: 'mutualTls',
    bindsTokens: boundTokens,
    async load({ authority, now, signal }) {
      const isEntra = authority.kind === 'entra';
      if (isEntra && !boundTokens) throw bearerTokensAt(authority);
      const held = await read(await readSource(source, { signal }), { nowMs: now() });
      return {
        kind: 'mutualTls',
        fingerprint: held.x5tS256,
        expiresAtMs: held.notAfterMs,
        tls: createTlsBinding(held),
        bindsTokens: boundTokens,
        ...(isEntra && { tokenType: 'mtls_pop' }),
        authentication: () => authentication,
      };
    },
  };
}

// Entra: it takes a certificate alone for bound tokens only, as MSAL has it (2026-07).
function bearerTokensAt({ issuer }: Authority): TokenSourceError {
  return new TokenSourceError(
    'invalid_configuration',
    `${issuer} takes the connection's certificate alone for bound tokens only; set boundTokens, or use certificate(…), which signs with it`,
  );
}

const OPTION_TYPES: OptionTypes<MutualTlsOptions> = { selfSigned: ['boolean'], boundTokens: ['boolean'] };
