/** A client's certificate as what a TLS connection presents, and so as the binding of the tokens issued over it. RFC 8705 §3. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import type { TokenBinding } from '../token-binding.ts';
import { type ClientCertificate, privateKeyOf } from './certificate.ts';

/**
 * The certificate's chain and key for `node:tls` and whatever is built on it, and the thumbprint that a bound token carries. A
 * certificate renewed for the same key makes another binding.
 *
 * @throws {ProtocolError} `invalid_credential` if the certificate was read without its private key, or is a copy
 * @see RFC 8705 §3.1 https://www.rfc-editor.org/rfc/rfc8705#section-3.1
 */
export function createTlsBinding(certificate: ClientCertificate): TlsBinding {
  const tls = new TlsIdentity(certificate, privateKeyOf(certificate));
  return Object.freeze({ thumbprint: certificate.x5tS256, tls });
}

/** A binding with a TLS identity. */
export interface TlsBinding extends TokenBinding {
  readonly tls: {
    /** The chain in PEM, leaf first. */
    readonly cert: string;
    /** The private key in PEM (PKCS#8). A getter, so that nothing prints or copies it by accident. */
    readonly key: string;
  };
}

class TlsIdentity {
  readonly cert: string;
  readonly #key: KeyObject;

  constructor({ x5c }: ClientCertificate, key: KeyObject) {
    this.cert = x5c.map((der) => new X509Certificate(Buffer.from(der, 'base64')).toString()).join('');
    this.#key = key;
    Object.freeze(this);
  }

  get key(): string {
    return this.#key.export({ format: 'pem', type: 'pkcs8' }).toString();
  }

  /** `inspect` calls getters where it is asked to, those of a prototype too. */
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return { cert: this.cert };
  }
}
