/** Says no to a PKCS#12 file that may be sound but is not read here, and how to turn it into one that is. */
import { ProtocolError } from '../../errors.ts';

/** @param reason  what the file is or does, to follow "The PKCS#12 file" */
export function unsupported(reason: string): ProtocolError {
  return new ProtocolError('unsupported_pkcs12', `The PKCS#12 file ${reason}. ${CONVERT}`);
}

// `-legacy` lets OpenSSL 3 read the old ciphers too, and takes nothing away.
const CONVERT =
  'Convert it with OpenSSL 3: openssl pkcs12 -legacy -in old.pfx -out daemon.pem; give daemon.pem to readCertificate, ' +
  'or make a new file of it: openssl pkcs12 -export -in daemon.pem -out new.pfx';
