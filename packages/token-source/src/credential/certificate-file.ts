/** A certificate in a file that is replaced now and then, such as one that cert-manager or an agent renews. RFC 7523 §2.2. */
import { resolve } from 'node:path';
import { type AssertionOverrides, type ClientCertificate, fileFormat, oneLine, ProtocolError } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import { OVERRIDE_TYPES, requireOverrides } from './assertion-options.ts';
import { assertingCredential } from './certificate.ts';
import { type CertificateReader, createCertificateReader, isInForce } from './certificate-reader.ts';
import { type CertificateSource, readSource } from './certificate-source.ts';
import type { Credential, CredentialContext, LoadedCredential } from './credential.ts';
import { type OptionTypes, requireKnownOptions } from './known-options.ts';
import { type FileToRead, fileStamp, readStampedFile } from './stamped-file.ts';
import type { Value } from './value.ts';

export interface CertificateFileOptions extends AssertionOverrides {
  /** The key in a file of its own, PEM or DER. */
  privateKeyPath?: string | undefined;
  /** Opens a PFX or an encrypted key. A function is asked when the file is read. */
  passphrase?: Value<string> | undefined;
}

/**
 * A certificate and its key in a file: PEM, PFX, or a certificate in DER beside a `privateKeyPath`, whatever the file's name ends in.
 *
 * Every request looks whether the file is still the same, and reads it again only if not. A new content is used from when it is
 * whole and valid; until then the certificate that was read before serves as long as it is valid itself, and each request tells of the
 * new one in a `credential-skipped` event. Nothing is watched, and no timer runs.
 *
 * @param path  of at most 1 MiB; links are followed. A relative one is taken from where the process is now
 * @throws {TokenSourceError} `invalid_configuration`; from `getToken`, before anything is sent, `credential_unavailable`
 * @throws {ProtocolError} as `certificate`, with the path
 * @see RFC 7523 §2.2 https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export function certificateFile(path: string, options: CertificateFileOptions = {}): Credential {
  requireKnownOptions(options, { of: 'certificateFile', types: OPTION_TYPES });
  const { privateKeyPath, passphrase, ...overrides } = options;
  requireOverrides(overrides);
  const settings = {
    files: [fileAt(path), ...(privateKeyPath === undefined ? [] : [fileAt(privateKeyPath)])],
    passphrase,
    overrides,
    read: createCertificateReader(),
  };
  let served: ServedCertificate | undefined;
  return {
    kind: KIND,
    async load(context) {
      served = await presentCertificate(settings, { served, context });
      return served.loaded;
    },
  };
}

interface FileSettings {
  /** The certificate's, and the key's if it has one of its own. */
  readonly files: readonly FileToRead[];
  readonly passphrase: Value<string> | undefined;
  readonly overrides: AssertionOverrides;
  readonly read: CertificateReader;
}

interface ServedCertificate {
  readonly certificate: ClientCertificate;
  readonly loaded: LoadedCredential;
  /** Of the files as they were read. */
  readonly stamps: string;
}

async function presentCertificate(
  settings: FileSettings,
  { served, context }: { readonly served: ServedCertificate | undefined; readonly context: CredentialContext },
): Promise<ServedCertificate> {
  const { now, signal, isRefused, onSkipped } = context;
  const nowMs = now();
  const usable = served !== undefined && isInForce(served.certificate, nowMs) ? served : undefined;
  // What the server refuses is read again whatever the stamp: it may have been replaced within one tick of the file system's clock.
  if (usable !== undefined && !isRefused(usable.loaded.fingerprint) && (await isUnchanged(usable, settings))) return usable;
  try {
    return await readFiles(settings, { nowMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (usable === undefined) throw error;
    onSkipped(KIND, error);
    return usable;
  }
}

async function isUnchanged({ stamps }: ServedCertificate, { files }: FileSettings): Promise<boolean> {
  try {
    return joined(await Promise.all(files.map(fileStamp))) === stamps;
  } catch {
    // Reading will say why.
    return false;
  }
}

async function readFiles(
  { files, passphrase, overrides, read }: FileSettings,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<ServedCertificate> {
  const found = await Promise.all(files.map(readStampedFile));
  const [octets = new Uint8Array(), privateKey] = found.map((file) => file.octets);
  const contents = await readSource({ ...sourceOf(octets), privateKey, passphrase }, { signal });
  try {
    const certificate = await read(contents, { nowMs });
    const loaded = assertingCredential(certificate, { kind: KIND, overrides });
    return { certificate, loaded, stamps: joined(found.map(({ stamp }) => stamp)) };
  } catch (error) {
    throw error instanceof ProtocolError ? withPaths(error, files) : error;
  }
}

/** By what is in it: names of such files say little. */
function sourceOf(octets: Uint8Array): CertificateSource {
  const format = fileFormat(octets);
  if (format === 'pkcs12') return { pfx: octets };
  return format === 'certificate' ? { der: octets } : { pem: octets };
}

function withPaths(error: ProtocolError, files: readonly FileToRead[]): ProtocolError {
  const { code, message, transient } = error;
  const names = files.map(({ path }) => `"${oneLine(path)}"`).join(' with ');
  return new ProtocolError(code, `The certificate in ${names} cannot be used: ${message}`, { transient, cause: error });
}

function fileAt(path: string): FileToRead {
  if (typeof path !== 'string' || path === '') {
    throw new TokenSourceError('invalid_configuration', 'certificateFile was given no path; give that of a PEM or PFX file');
  }
  return {
    path: resolve(path),
    name: 'The certificate file',
    advice: 'check the path, and that this process may read it',
    mostBytes: 1024 * 1024,
    followLinks: true,
  };
}

function joined(stamps: readonly string[]): string {
  return stamps.join('\n');
}

const KIND = 'certificateFile';

const OPTION_TYPES: OptionTypes<CertificateFileOptions> = {
  ...OVERRIDE_TYPES,
  privateKeyPath: ['string'],
  passphrase: ['string', 'function'],
};
