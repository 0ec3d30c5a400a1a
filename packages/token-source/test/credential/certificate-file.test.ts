/** `certificateFile`: every format, replaced in every way, and what goes on while the new file is not good yet. */
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { fixture, PASSPHRASE, pair } from '../../../../test/support/certificates.ts';
import { type CertificateFileOptions, certificateFile } from '../../src/credential/certificate-file.ts';
import { exchangeWith, loading, verified } from './loading.ts';

const pfx = (name: string): Uint8Array => readFileSync(new URL(`../../../../test/fixtures/pkcs12/${name}.pfx`, import.meta.url));
const der = (name: string): Uint8Array => new X509Certificate(fixture(`${name}.crt.pem`)).raw;
const keyDer = (name: string): Uint8Array => createPrivateKey(fixture(`${name}.key.pem`)).export({ format: 'der', type: 'pkcs8' });

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certificate-file-'));
  path = join(folder, 'daemon.crt');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** As a careful tool does it: written beside the file, and put in its place in one step. */
function replace(content: string | Uint8Array, at: string = path): void {
  writeFileSync(`${at}.new`, content);
  renameSync(`${at}.new`, at);
}

test.each<readonly [string, string | Uint8Array, string | Uint8Array | undefined, string, string]>([
  ['PEM', pair('rsa'), undefined, 'rsa', 'PS256'],
  ['PEM in UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${pair('rsa')}`, 'utf16le'), undefined, 'rsa', 'PS256'],
  ['PEM with an encrypted key', fixture('rsa.crt.pem') + fixture('rsa.encrypted.key.pem'), undefined, 'rsa', 'PS256'],
  ['PEM with its key in another file', fixture('p256.crt.pem'), fixture('p256.key.pem'), 'p256', 'ES256'],
  ['DER with its key in DER', der('p256'), keyDer('p256'), 'p256', 'ES256'],
  ['PFX', pfx('rsa'), undefined, 'rsa', 'PS256'],
])('CE-01, CE-08: %s is read, whatever the ending of its name', async (_, content, key, name, algorithm) => {
  const privateKeyPath = key === undefined ? undefined : join(folder, 'daemon.key');
  writeFileSync(path, content);
  if (privateKeyPath !== undefined) writeFileSync(privateKeyPath, key ?? '');
  const exchange = await exchangeWith(certificateFile(path, { privateKeyPath, passphrase: PASSPHRASE }));
  await verified(exchange, name, { algorithm });
  expect(exchange.loaded.kind).toBe('certificateFile');
});

test('files that stay the same are read once; when one was touched, or the server refused their certificate, again', async () => {
  const privateKeyPath = join(folder, 'daemon.key');
  writeFileSync(path, fixture('rsa.crt.pem'));
  writeFileSync(privateKeyPath, fixture('rsa.encrypted.key.pem'));
  let read = 0;
  const passphrase = (): string => {
    read += 1;
    return PASSPHRASE;
  };
  const credential = certificateFile(path, { privateKeyPath, passphrase });
  const reads = async (loads = loading()): Promise<number> => {
    for (let call = 0; call < 3; call += 1) await credential.load(loads.context);
    return read;
  };
  expect(await reads()).toBe(1);
  utimesSync(path, 1, 1);
  expect(await reads()).toBe(2);
  utimesSync(privateKeyPath, 1, 1);
  expect(await reads()).toBe(3);
  const { loaded } = await exchangeWith(credential);
  expect(await reads(loading({ isRefused: (fingerprint) => fingerprint === loaded.fingerprint }))).toBe(6);
});

describe('a new certificate is used from the next request on', () => {
  test.each<readonly [string, () => void]>([
    ['renamed into its place', () => replace(pair('p256'))],
    ['written over the old one', () => writeFileSync(path, pair('p256'))],
    ['and in another format', () => replace(readFileSync(new URL('../../../../test/fixtures/pkcs12/p256.pfx', import.meta.url)))],
  ])('%s', async (_, change) => {
    writeFileSync(path, pair('rsa'));
    const loads = loading();
    const credential = certificateFile(path, { passphrase: PASSPHRASE });
    await verified(await exchangeWith(credential, loads), 'rsa');
    change();
    await verified(await exchangeWith(credential, loads), 'p256', { algorithm: 'ES256' });
    expect(loads.skipped).toEqual([]);
  });

  test('where Kubernetes swaps the folder behind a link, key and certificate together', async () => {
    for (const [version, name] of [
      ['..1', 'rsa'],
      ['..2', 'p256'],
    ] as const) {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, 'tls.crt'), fixture(`${name}.crt.pem`));
      writeFileSync(join(folder, version, 'tls.key'), fixture(`${name}.key.pem`));
    }
    symlinkSync('..1', join(folder, '..data'));
    for (const name of ['tls.crt', 'tls.key']) symlinkSync(join('..data', name), join(folder, name));
    const credential = certificateFile(join(folder, 'tls.crt'), { privateKeyPath: join(folder, 'tls.key') });
    await verified(await exchangeWith(credential), 'rsa');
    symlinkSync('..2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await verified(await exchangeWith(credential), 'p256', { algorithm: 'ES256' });
  });
});

describe('until the new one is whole and valid the old one serves, and the source is told', () => {
  const changes: readonly (readonly [string, () => void, string, CertificateFileOptions?])[] = [
    ['half written', () => writeFileSync(path, pair('p256').slice(0, 300)), 'invalid_certificate'],
    ['emptied', () => truncateSync(path), 'invalid_certificate'],
    ['gone', () => rmSync(path), 'credential_unavailable'],
    ['replaced by a folder', () => [rmSync(path), mkdirSync(path)], 'credential_unavailable'],
    ['too large', () => truncateSync(path, 1024 * 1024 + 1), 'credential_unavailable'],
    ['without its key', () => replace(fixture('p256.crt.pem')), 'invalid_credential'],
    ['with a key of another', () => replace(fixture('p256.crt.pem') + fixture('p384.key.pem')), 'certificate_key_mismatch'],
    ['too weak', () => replace(pair('weak')), 'weak_key'],
    ['a PFX with another passphrase', () => replace(pfx('unicode-passphrase')), 'wrong_passphrase'],
    ['half a PFX', () => replace(pfx('p256').subarray(0, 600)), 'invalid_certificate'],
    ['of a kind that cannot sign as configured', () => replace(pair('p256')), 'unsupported_algorithm', { algorithm: 'RS256' }],
  ];
  test.each(changes.map(([title, change, code, options = {}]) => ({ title, change, code, options })))('$title', async (row) => {
    const { change, code, options } = row;
    writeFileSync(path, pair('rsa'));
    const loads = loading();
    const credential = certificateFile(path, { passphrase: PASSPHRASE, ...options });
    const { algorithm = 'PS256' } = options;
    await exchangeWith(credential, loads);
    change();
    for (let call = 0; call < 2; call += 1) await verified(await exchangeWith(credential, loads), 'rsa', { algorithm });
    expect(loads.skipped).toEqual([
      ['certificateFile', code],
      ['certificateFile', code],
    ]);
    rmSync(path, { recursive: true, force: true });
    replace(pair('leaf'));
    await verified(await exchangeWith(credential, loads), 'leaf', { algorithm });
    expect(loads.skipped).toHaveLength(2);
  });

  test('a key and a certificate that are replaced one after the other', async () => {
    const privateKeyPath = join(folder, 'daemon.key');
    writeFileSync(path, fixture('rsa.crt.pem'));
    writeFileSync(privateKeyPath, fixture('rsa.key.pem'));
    const loads = loading();
    const credential = certificateFile(path, { privateKeyPath });
    await exchangeWith(credential, loads);
    replace(fixture('p256.crt.pem'));
    await verified(await exchangeWith(credential, loads), 'rsa');
    replace(fixture('p256.key.pem'), privateKeyPath);
    await verified(await exchangeWith(credential, loads), 'p256', { algorithm: 'ES256' });
    expect(loads.skipped).toEqual([['certificateFile', 'certificate_key_mismatch']]);
  });

  test('CE-04: but not when it has ended itself', async () => {
    writeFileSync(path, pair('rsa'));
    const loads = loading();
    const credential = certificateFile(path);
    await exchangeWith(credential, loads);
    loads.clock.nowMs = Date.UTC(2120, 0);
    await expect(exchangeWith(credential, loads)).rejects.toMatchObject({ code: 'certificate_expired' });
    writeFileSync(path, 'nothing');
    await expect(exchangeWith(credential, loads)).rejects.toMatchObject({ code: 'invalid_certificate' });
    expect(loads.skipped).toEqual([]);
  });
});

describe('what cannot be read at first is an error at once, with its path', () => {
  test.each<readonly [string, () => void, string]>([
    ['no file', () => {}, 'ENOENT'],
    ['a folder', () => mkdirSync(path), 'no regular file'],
    ['a pipe that nobody writes to', () => execFileSync('mkfifo', [path]), 'no regular file'],
    ['a link to a device', () => symlinkSync('/dev/zero', path), 'no regular file'],
    ['a link to itself', () => symlinkSync(path, path), 'ELOOP'],
    ['over 1 MiB', () => writeFileSync(path, Buffer.alloc(1024 * 1024 + 1)), '1048577 bytes'],
    ['longer than it says', () => symlinkSync('/proc/self/status', path), 'changes while it is read'],
  ])('%s', async (_, make, said) => {
    make();
    const error = exchangeWith(certificateFile(path));
    await expect(error).rejects.toMatchObject({ code: 'credential_unavailable', message: expect.stringContaining(path) });
    await expect(error).rejects.toThrow(said);
  });

  test.each([
    ['invalid_certificate', 'nothing'],
    ['invalid_certificate', pair('rsa').slice(0, 500)],
    ['wrong_passphrase', fixture('rsa.crt.pem') + fixture('rsa.encrypted.key.pem')],
  ])('%s', async (code, content) => {
    writeFileSync(path, content);
    await expect(exchangeWith(certificateFile(path))).rejects.toMatchObject({ code, message: expect.stringContaining(`"${path}"`) });
  });

  test('a relative path is taken from where the process was', async () => {
    await expect(exchangeWith(certificateFile('missing.pem'))).rejects.toThrow(`"${join(process.cwd(), 'missing.pem')}"`);
  });

  test('a PFX beside a key file', async () => {
    writeFileSync(path, pfx('rsa'));
    await expect(exchangeWith(certificateFile(path, { privateKeyPath: path, passphrase: PASSPHRASE }))).rejects.toMatchObject({
      code: 'invalid_configuration',
    });
  });
});

test.each<readonly [unknown, unknown, string]>([
  ['', {}, 'invalid_configuration'],
  [undefined, { privateKeyPath: '/daemon.key' }, 'invalid_configuration'],
  ['/daemon.pem', { privateKeyPath: '' }, 'invalid_configuration'],
  ['/daemon.pem', { privateKey: '/daemon.key' }, 'invalid_configuration'],
  ['/daemon.pem', { passphrase: 1234 }, 'invalid_configuration'],
  ['/daemon.pem', { lifetimeSeconds: 3600 }, 'invalid_parameter'],
])('JA-08: certificateFile(%j, %j) is refused at once', (file, options, code) => {
  expect(() => certificateFile(file as string, options as CertificateFileOptions)).toThrowError(expect.objectContaining({ code }));
});
