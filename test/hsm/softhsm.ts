/** A hardware security module in software: keys are made in it, sign in it, and do not come out of it. PKCS #11. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);
const PIN = '123456';
const MODULE = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/softhsm/libsofthsm2.so', '/usr/local/lib/softhsm/libsofthsm2.so'].find(
  existsSync,
);

export interface HsmKey {
  /** SubjectPublicKeyInfo in PEM. */
  readonly publicKey: string;
  /** PS256 of these octets. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  /** What the module says of the private key. */
  describePrivateKey(): Promise<string>;
}

/** A new token with one RSA key of 2048 bits in it, gone with the test. */
export function createHsmKey(): HsmKey {
  const folder = mkdtempSync(join(tmpdir(), 'client-credentials-hsm-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'tokens'));
  writeFileSync(
    join(folder, 'softhsm2.conf'),
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  const env = { ...process.env, SOFTHSM2_CONF: join(folder, 'softhsm2.conf') };
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'daemon', '--pin', PIN, '--so-pin', PIN], { env, stdio: 'pipe' });
  const tool = (...args: readonly string[]): string[] => [
    '--module',
    MODULE ?? '',
    '--token-label',
    'daemon',
    '--login',
    '--pin',
    PIN,
    ...args,
  ];
  execFileSync('pkcs11-tool', tool('--keypairgen', '--key-type', 'rsa:2048', '--id', '01', '--sensitive'), { env, stdio: 'pipe' });
  const publicKeyFile = join(folder, 'public.der');
  execFileSync('pkcs11-tool', tool('--read-object', '--type', 'pubkey', '--id', '01', '--output-file', publicKeyFile), {
    env,
    stdio: 'pipe',
  });
  return {
    publicKey: `-----BEGIN PUBLIC KEY-----\n${readFileSync(publicKeyFile).toString('base64')}\n-----END PUBLIC KEY-----\n`,
    async sign(bytes) {
      const [input, output] = [join(folder, randomUUID()), join(folder, randomUUID())];
      // This mechanism takes the digest, and so it is what leaves the program.
      writeFileSync(input, createHash('sha256').update(bytes).digest());
      const mechanism = ['--mechanism', 'RSA-PKCS-PSS', '--hash-algorithm', 'SHA256', '--mgf', 'MGF1-SHA256', '--salt-len', '32'];
      await run('pkcs11-tool', tool('--sign', '--id', '01', ...mechanism, '--input-file', input, '--output-file', output), { env });
      return readFileSync(output);
    },
    async describePrivateKey() {
      return (await run('pkcs11-tool', tool('--list-objects', '--type', 'privkey'), { env })).stdout;
    },
  };
}

/** A certificate of this public key, in PEM, by an authority made for it. */
export function certify(publicKey: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'client-credentials-hsm-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'public.pem'), publicKey);
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority', '-days', '2');
  openssl('req', '-new', '-key', 'ca.key', '-out', 'daemon.csr', '-subj', '/CN=daemon');
  const issue = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-force_pubkey', 'public.pem', '-days', '2'];
  openssl('x509', '-req', '-in', 'daemon.csr', ...issue, '-out', 'daemon.pem');
  return readFileSync(join(folder, 'daemon.pem'), 'utf8');
}
