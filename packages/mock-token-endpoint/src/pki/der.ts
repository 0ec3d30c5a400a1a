/** ASN.1 values under the names their modules give them, and their encoding. X.690 §8 and §10. */
import forge from 'node-forge';

/** A value that has yet to be encoded. */
export type Der = forge.asn1.Asn1;

export function sequence(...members: readonly Der[]): Der {
  return constructed(UNIVERSAL, TYPE.SEQUENCE, members);
}

/** A SET of one, which needs no order. */
export function setOf(member: Der): Der {
  return constructed(UNIVERSAL, TYPE.SET, [member]);
}

export function objectId(dotted: string): Der {
  return primitive(UNIVERSAL, TYPE.OID, forge.asn1.oidToDer(dotted).getBytes());
}

/** @param bytes  two's complement, as few octets as possible */
export function integer(bytes: Uint8Array): Der {
  return primitive(UNIVERSAL, TYPE.INTEGER, binary(bytes));
}

/** An integer that fits into 31 bits. */
export function smallInteger(value: number): Der {
  return primitive(UNIVERSAL, TYPE.INTEGER, forge.asn1.integerToDer(value).getBytes());
}

export function booleanTrue(): Der {
  return primitive(UNIVERSAL, TYPE.BOOLEAN, '\xff');
}

export function nullValue(): Der {
  return primitive(UNIVERSAL, TYPE.NULL, '');
}

export function octetString(bytes: Uint8Array): Der {
  return primitive(UNIVERSAL, TYPE.OCTETSTRING, binary(bytes));
}

/** @param unusedBits  how many of the last octet's low bits do not count */
export function bitString(bytes: Uint8Array, unusedBits = 0): Der {
  return primitive(UNIVERSAL, TYPE.BITSTRING, String.fromCharCode(unusedBits) + binary(bytes));
}

export function utf8String(text: string): Der {
  return primitive(UNIVERSAL, TYPE.UTF8, binary(Buffer.from(text)));
}

/** UTCTime up to 2049, GeneralizedTime from 2050 on: RFC 5280 §4.1.2.5. Exact to the second. */
export function time(ms: number): Der {
  const digits = `${new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return digits < '2050' ? primitive(UNIVERSAL, TYPE.UTCTIME, digits.slice(2)) : primitive(UNIVERSAL, TYPE.GENERALIZEDTIME, digits);
}

/** A member tagged `[tag]` around `value`. */
export function explicit(tag: number, value: Der): Der {
  return constructed(CONTEXT, tag, [value]);
}

/** A primitive member tagged `[tag]` in place of its own type. */
export function implicit(tag: number, bytes: Uint8Array): Der {
  return primitive(CONTEXT, tag, binary(bytes));
}

/** What is encoded already, to stand inside another value. */
export function decode(der: Uint8Array): Der {
  return forge.asn1.fromDer(binary(der));
}

export function encode(value: Der): Buffer {
  return Buffer.from(forge.asn1.toDer(value).getBytes(), 'latin1');
}

function constructed(tagClass: forge.asn1.Class, tag: number, members: readonly Der[]): Der {
  return forge.asn1.create(tagClass, tag, true, [...members]);
}

function primitive(tagClass: forge.asn1.Class, tag: number, value: string): Der {
  return forge.asn1.create(tagClass, tag, false, value);
}

/** One character for each octet, as node-forge keeps octets. */
function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

const TYPE = forge.asn1.Type;
const UNIVERSAL = forge.asn1.Class.UNIVERSAL;
const CONTEXT = forge.asn1.Class.CONTEXT_SPECIFIC;
