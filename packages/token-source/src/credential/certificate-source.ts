/** Where a certificate and its private key come from, in memory: PEM, DER or PFX. RFC 7468, RFC 5280 §4.1, RFC 7292. */
import { TokenSourceError } from '../errors.ts';
import { type OptionTypes, requireKnownOptions } from './known-options.ts';
import { currentValue, type Value } from './value.ts';

/** A certificate in one of its three forms. */
export interface CertificateSource {
  /** Certificate and chain in PEM, and the key too unless `privateKey` holds it. */
  pem?: string | Uint8Array | undefined;
  /** The certificate alone in DER, as a `.cer` file holds it. */
  der?: Uint8Array | undefined;
  /** Certificate, chain and key in PKCS#12, as a `.pfx` or `.p12` file holds them. */
  pfx?: Uint8Array | undefined;
  /** The key where it stands apart, in PEM or DER. */
  privateKey?: string | Uint8Array | undefined;
  /** Opens a PFX or an encrypted key. */
  passphrase?: Value<string> | undefined;
}

/** What a source held at one moment: its functions asked, its octets copied. One of the three forms is there. */
export interface CertificateContents {
  readonly pem: string | Uint8Array | undefined;
  readonly der: Uint8Array | undefined;
  readonly pfx: Uint8Array | undefined;
  readonly privateKey: string | Uint8Array | undefined;
  readonly passphrase: string | undefined;
}

/**
 * Throws unless there is exactly one certificate in it, of the type of its form, and at most one key.
 *
 * @throws {TokenSourceError} `invalid_configuration`
 */
export function requireSource(source: CertificateSource): void {
  requireKnownOptions(source, { of: 'the certificate', types: SOURCE_TYPES });
  const forms = FORMS.filter((form) => source[form] !== undefined);
  if (forms.length !== 1) {
    throw new TokenSourceError(
      'invalid_configuration',
      `The certificate is given ${forms.length === 0 ? 'in no form' : `more than once, as ${forms.join(' and ')}`}; give one of ${FORMS.join(', ')}`,
    );
  }
  if (source.pfx !== undefined && source.privateKey !== undefined) {
    throw new TokenSourceError(
      'invalid_configuration',
      'A PFX holds its own private key; leave privateKey out, or give the certificate as pem',
    );
  }
}

/**
 * What the source holds now.
 *
 * @param context.signal  ends the wait for its functions
 * @throws {TokenSourceError} `invalid_configuration` as `requireSource`; `credential_unavailable` if one of its functions fails
 */
export async function readSource(
  source: Value<CertificateSource>,
  { signal }: { readonly signal: AbortSignal },
): Promise<CertificateContents> {
  const given = await currentValue(source, { name: 'certificate', signal });
  requireSource(given);
  const { passphrase } = given;
  const files = { pem: copyOf(given.pem), der: copyOf(given.der), pfx: copyOf(given.pfx), privateKey: copyOf(given.privateKey) };
  return { ...files, passphrase: passphrase === undefined ? undefined : await currentValue(passphrase, { name: 'passphrase', signal }) };
}

/** What is read must be what was looked at, though a caller's buffer may change meanwhile. */
function copyOf<T extends string | Uint8Array | undefined>(value: T): T {
  return value instanceof Uint8Array ? (Uint8Array.from(value) as T) : value;
}

const FORMS = ['pem', 'der', 'pfx'] as const;

const SOURCE_TYPES: OptionTypes<CertificateSource> = {
  pem: ['string', 'Uint8Array'],
  der: ['Uint8Array'],
  pfx: ['Uint8Array'],
  privateKey: ['string', 'Uint8Array'],
  passphrase: ['string', 'function'],
};
