/** Writes a PKCS#12 file with one certificate and its key, RSA or EC, in algorithms that OpenSSL 3 opens by default. RFC 7292 §4. */
import { createHash, createHmac, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import type { KeyedCertificate } from './certificates.ts';
import { type Der, decode, encode, explicit, nullValue, objectId, octetString, sequence, setOf, smallInteger } from './der.ts';

/**
 * The file's bytes. The key is encrypted with AES-256 (PBES2, PBKDF2 with HMAC-SHA-256), the whole is protected by HMAC-SHA-256; the
 * certificate is public and stands there as it is. The salts are new each time.
 *
 * @param keyed  PEM, as everywhere here
 * @see RFC 7292 §4 https://www.rfc-editor.org/rfc/rfc7292#section-4
 */
export function buildPkcs12({ certificate, privateKey }: KeyedCertificate, { password }: { readonly password: string }): Buffer {
  const der = new X509Certificate(certificate).raw;
  // By this id readers find the certificate of a key.
  const localKeyId = createHash('sha1').update(der).digest();
  const bags = sequence(
    bag(SHROUDED_KEY_BAG, { value: decode(encryptKey(privateKey, password)), localKeyId }),
    bag(CERTIFICATE_BAG, { value: sequence(objectId(X509_CERTIFICATE), explicit(0, octetString(der))), localKeyId }),
  );
  const content = encode(sequence(data(encode(bags))));
  return encode(sequence(smallInteger(VERSION_3), data(content), mac(content, password)));
}

/** EncryptedPrivateKeyInfo, which PKCS#8 and PKCS#12 share: RFC 5958 §3. */
function encryptKey(privateKey: string, password: string): Buffer {
  return createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: password });
}

/** SafeBag, RFC 7292 §4.2. */
function bag(type: string, { value, localKeyId }: { value: Der; localKeyId: Uint8Array }): Der {
  return sequence(objectId(type), explicit(0, value), setOf(sequence(objectId(LOCAL_KEY_ID), setOf(octetString(localKeyId)))));
}

/** A ContentInfo of type data, RFC 5652 §4. */
function data(content: Uint8Array): Der {
  return sequence(objectId(DATA), explicit(0, octetString(content)));
}

/** MacData, RFC 7292 §4 and appendix B. */
function mac(content: Uint8Array, password: string): Der {
  const salt = randomBytes(16);
  const key = forge.pkcs12.generateKey(
    password,
    forge.util.createBuffer(salt.toString('latin1')),
    MAC_KEY,
    ITERATIONS,
    32,
    forge.md.sha256.create(),
  );
  const digest = createHmac('sha256', Buffer.from(key.getBytes(), 'latin1')).update(content).digest();
  const digestInfo = sequence(sequence(objectId(SHA256), nullValue()), octetString(digest));
  return sequence(digestInfo, octetString(salt), smallInteger(ITERATIONS));
}

const VERSION_3 = 3;
// RFC 7292 appendix B.3: what the derived octets are for.
const MAC_KEY = 3;
// What OpenSSL 3 writes. More would make a start slower, and the password has 96 random bits.
const ITERATIONS = 2048;
const DATA = '1.2.840.113549.1.7.1';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
const SHA256 = '2.16.840.1.101.3.4.2.1';
