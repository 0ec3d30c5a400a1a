/** The certificate extensions this mock uses. RFC 5280 §4.2.1. */
import { createHash, type KeyObject } from 'node:crypto';
import { bitString, booleanTrue, type Der, encode, implicit, objectId, octetString, sequence, smallInteger } from './der.ts';

/** Of an authority that may issue certificates but no further authorities: RFC 5280 §4.2.1.9 and §4.2.1.3. */
export function authorityExtensions(): readonly Der[] {
  return [
    extension(BASIC_CONSTRAINTS, sequence(booleanTrue(), smallInteger(0)), { critical: true }),
    extension(KEY_USAGE, bitString(Uint8Array.of(KEY_CERT_SIGN | CRL_SIGN), 1), { critical: true }),
  ];
}

/** Of a TLS server that answers to these names: RFC 5280 §4.2.1.12 and §4.2.1.6. */
export function serverExtensions({
  hosts,
  addresses,
}: {
  readonly hosts: readonly string[];
  readonly addresses: readonly Uint8Array[];
}): readonly Der[] {
  return [
    extension(BASIC_CONSTRAINTS, sequence(), { critical: true }),
    extension(KEY_USAGE, bitString(Uint8Array.of(DIGITAL_SIGNATURE | KEY_ENCIPHERMENT), 5), { critical: true }),
    extension(EXTENDED_KEY_USAGE, sequence(objectId(SERVER_AUTHENTICATION))),
    extension(
      SUBJECT_ALTERNATIVE_NAME,
      sequence(...addresses.map((address) => implicit(IP_ADDRESS, address)), ...hosts.map((host) => implicit(DNS_NAME, Buffer.from(host)))),
    ),
  ];
}

/** Of a client that signs, in TLS or assertions: RFC 5280 §4.2.1.12. */
export function clientExtensions(): readonly Der[] {
  return [
    extension(BASIC_CONSTRAINTS, sequence(), { critical: true }),
    extension(KEY_USAGE, bitString(Uint8Array.of(DIGITAL_SIGNATURE), 7), { critical: true }),
    extension(EXTENDED_KEY_USAGE, sequence(objectId(CLIENT_AUTHENTICATION))),
  ];
}

/** Which key a certificate is for, and which one signed it: RFC 5280 §4.2.1.1 and §4.2.1.2. */
export function keyIdentifiers({
  subjectKey,
  signerKey,
}: {
  readonly subjectKey: KeyObject;
  readonly signerKey: KeyObject;
}): readonly Der[] {
  return [
    extension(SUBJECT_KEY_IDENTIFIER, octetString(identify(subjectKey))),
    extension(AUTHORITY_KEY_IDENTIFIER, sequence(implicit(0, identify(signerKey)))),
  ];
}

function extension(id: string, value: Der, { critical = false }: { readonly critical?: boolean } = {}): Der {
  return sequence(objectId(id), ...(critical ? [booleanTrue()] : []), octetString(encode(value)));
}

/** SHA-256 of the whole public key, the fourth method of RFC 7093 §2. */
function identify(publicKey: KeyObject): Buffer {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
// RFC 5280 §4.2.1.3 counts bits from the most significant one.
const DIGITAL_SIGNATURE = 0x80;
const KEY_ENCIPHERMENT = 0x20;
const KEY_CERT_SIGN = 0x04;
const CRL_SIGN = 0x02;
// GeneralName, RFC 5280 §4.2.1.6.
const DNS_NAME = 2;
const IP_ADDRESS = 7;
