/** Reads a client's certificate, chain and key from a PKCS#12 file (PFX, `.pfx` or `.p12`). RFC 7292. */
import { ProtocolError, quote } from '../../errors.ts';
import { readX509 } from '../bundle.ts';
import { type ClientCertificate, holdKey } from '../certificate.ts';
import { DerError } from '../der.ts';
import { type FileRole, fileFormat, misplacedFile, requireOctets } from '../file-format.ts';
import { readDerPrivateKey, requirePassphrase } from '../private-key.ts';
import { requireTime } from '../validity.ts';
import { WorkBudget } from './lock.ts';
import { verifyMac } from './mac.ts';
import { readPfx } from './pfx.ts';
import { unsupported } from './refusal.ts';
import { readSafes, type SafeContents } from './safe.ts';

/** How a PKCS#12 file is opened. */
export interface Pkcs12Options {
  /** Opens the file. None and the empty one are the same. */
  readonly passphrase?: string | undefined;
  /** Epoch milliseconds; the certificate must be valid at this instant. */
  readonly nowMs: number;
  /** How often any one key derivation may repeat; all of the file together four times that. Default 100,000; tools write 2,048 or so. */
  readonly maxIterations?: number | undefined;
}

/**
 * The certificate in a PKCS#12 file, with its key and chain, just as `readCertificate` gives it. The MAC is verified before
 * anything it protects is read. Today's files (AES, SHA-256) are read and older ones (triple DES, RC2, SHA-1), with RSA, EC and
 * Ed25519 keys.
 *
 * @param pfx  the file's octets, at most 1 MiB
 * @throws {ProtocolError} `wrong_passphrase`; `unsupported_pkcs12`, with the command that converts the file, for one without
 *   a MAC, with PBMAC1, in BER, with an unknown cipher or too many iterations; `invalid_certificate` for a damaged file;
 *   `invalid_parameter` for an option that is none; and as `readCertificate`
 * @see RFC 7292 §4 https://www.rfc-editor.org/rfc/rfc7292#section-4
 */
export async function readPkcs12(pfx: Uint8Array, options: Pkcs12Options): Promise<ClientCertificate> {
  const { certificates, keys } = await openPfx(pfx, options ?? {});
  const bundle = {
    certificates: certificates.map(readX509),
    keys: keys.map((key) => readDerPrivateKey(key, undefined)),
  };
  return holdKey(bundle, options.nowMs);
}

async function openPfx(pfx: Uint8Array, { passphrase, nowMs, maxIterations = 100_000 }: Pkcs12Options): Promise<SafeContents> {
  // A copy: what is read must be what was verified, though the caller's buffer may change meanwhile.
  const octets = Uint8Array.from(requireOctets(pfx, PKCS12_FILE));
  requireTime(nowMs);
  requirePassphrase(passphrase);
  requireIterations(maxIterations);
  const format = fileFormat(octets);
  if (format !== undefined && format !== 'pkcs12') throw misplacedFile(format, PKCS12_FILE);
  try {
    const file = readPfx(octets);
    return await readSafes(file.content, await verifyMac(file, { passphrase, work: new WorkBudget(maxIterations) }));
  } catch (error) {
    throw error instanceof DerError ? unreadable(error) : error;
  }
}

function requireIterations(maxIterations: number): void {
  if (!Number.isInteger(maxIterations) || maxIterations < 1 || maxIterations > MOST_ITERATIONS) {
    throw new ProtocolError(
      'invalid_parameter',
      `maxIterations is ${quote(maxIterations)}; give a whole number from 1 to ${MOST_ITERATIONS}`,
    );
  }
}

function unreadable({ isBer, message }: DerError): ProtocolError {
  if (isBer) return unsupported(`is in BER instead of DER (${message})`);
  return new ProtocolError('invalid_certificate', `The PKCS#12 file cannot be read: ${message}; it may be damaged`);
}

const PKCS12_FILE: FileRole = { name: 'The PKCS#12 file', code: 'invalid_certificate' };

/** What `pbkdf2` of node:crypto takes. */
const MOST_ITERATIONS = 2 ** 31 - 1;
