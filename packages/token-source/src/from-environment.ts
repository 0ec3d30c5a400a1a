/** Reads the `AZURE_*` variables that users of Azure's SDKs already set. */
import { readFile, stat } from 'node:fs/promises';
import { entra } from './authority/entra.ts';
import { certificate } from './credential/certificate.ts';
import type { Credential } from './credential/credential.ts';
import { secret } from './credential/secret.ts';
import { TokenSourceError } from './errors.ts';
import type { TokenSourceOptions } from './options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The options for a token source that the environment describes: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, and either
 * `AZURE_CLIENT_SECRET` or `AZURE_CLIENT_CERTIFICATE_PATH` (PEM) with `AZURE_CLIENT_CERTIFICATE_PASSWORD` and
 * `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN`; also `AZURE_AUTHORITY_HOST`. Empty variables count as absent.
 *
 * @param options.environment  default: `process.env`
 * @param options.trustedAuthorityHosts  hosts that `AZURE_AUTHORITY_HOST` may name beside Microsoft's known ones and loopback
 * @throws {TokenSourceError} `invalid_configuration`, naming the variables; `untrusted_authority`
 * @throws {ProtocolError} `invalid_tenant`, `invalid_url`
 * @see Azure SDK environment variables https://learn.microsoft.com/javascript/api/overview/azure/identity-readme#environment-variables
 */
export function fromEnvironment(
  options: { environment?: Environment | undefined; trustedAuthorityHosts?: readonly string[] | undefined } = {},
): TokenSourceOptions {
  const { environment = process.env, trustedAuthorityHosts = [] } = options;
  const authorityHost = optional(environment, 'AZURE_AUTHORITY_HOST');
  // An environment may be written by others, so it cannot vouch for the host that a secret or assertion goes to.
  const trustAuthorityHost = trustedAuthorityHosts.includes(hostOf(authorityHost));
  return {
    authority: entra({ tenant: required(environment, 'AZURE_TENANT_ID'), authorityHost, trustAuthorityHost }),
    clientId: required(environment, 'AZURE_CLIENT_ID'),
    credential: readCredential(environment),
  };
}

function readCredential(environment: Environment): Credential {
  const secretText = optional(environment, 'AZURE_CLIENT_SECRET');
  const path = optional(environment, 'AZURE_CLIENT_CERTIFICATE_PATH');
  if (secretText !== undefined && path !== undefined) {
    throw misconfigured('Both AZURE_CLIENT_SECRET and AZURE_CLIENT_CERTIFICATE_PATH are set; unset one');
  }
  if (secretText !== undefined) return secret(secretText);
  if (path === undefined) throw misconfigured('Neither AZURE_CLIENT_SECRET nor AZURE_CLIENT_CERTIFICATE_PATH is set; set one');
  const passphrase = optional(environment, 'AZURE_CLIENT_CERTIFICATE_PASSWORD');
  const sendChain = /^(1|true)$/i.test(optional(environment, 'AZURE_CLIENT_SEND_CERTIFICATE_CHAIN') ?? '');
  return certificate(async () => ({ pem: await readPem(path), passphrase }), { sendChain });
}

async function readPem(path: string): Promise<string> {
  const text = await readSmallFile(path);
  if (text.includes('-----BEGIN ')) return text;
  throw misconfigured(
    `The file of AZURE_CLIENT_CERTIFICATE_PATH, "${path}", is not PEM; convert it: openssl pkcs12 -in FILE.pfx -nodes -out daemon.pem`,
  );
}

async function readSmallFile(path: string): Promise<string> {
  const facts = await stat(path).catch((error: unknown) => Promise.reject(unreadable(path, error)));
  // A path from outside may name a device that never ends, or a pipe that never begins.
  if (!facts.isFile() || facts.size > MOST_FILE_BYTES) throw unreadable(path, 'it is no file of at most 1 MiB');
  return readFile(path, 'utf8').catch((error: unknown) => Promise.reject(unreadable(path, error)));
}

function unreadable(path: string, why: unknown): TokenSourceError {
  const reason = why instanceof Error && 'code' in why ? why.code : why;
  return new TokenSourceError('credential_unavailable', `The file of AZURE_CLIENT_CERTIFICATE_PATH, "${path}", cannot be read (${reason})`);
}

/** `https://login.example.com/`, as the variable is usually written, to `login.example.com`. */
function hostOf(authorityHost = ''): string {
  return authorityHost.replace(/^https:\/\//, '').replace(/\/$/, '');
}

function required(environment: Environment, name: string): string {
  const value = optional(environment, name);
  if (value === undefined) throw misconfigured(`${name} is not set; set it, or give the options in code`);
  return value;
}

function optional(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === '' ? undefined : value;
}

function misconfigured(message: string): TokenSourceError {
  return new TokenSourceError('invalid_configuration', message);
}

const MOST_FILE_BYTES = 1024 * 1024;
