/** Reads the `AZURE_*` variables that users of Azure's SDKs already set. */
import { ProtocolError } from '@client-credentials/protocol';
import type { Authority } from './authority/authority.ts';
import { entra } from './authority/entra.ts';
import { isKnownServer, untrusted } from './authority/login-host.ts';
import { certificateFile } from './credential/certificate-file.ts';
import type { Credential } from './credential/credential.ts';
import { secret } from './credential/secret.ts';
import { workloadIdentity } from './credential/workload-identity.ts';
import { type Environment, readVariable } from './environment.ts';
import { TokenSourceError } from './errors.ts';
import type { TokenSourceOptions } from './options.ts';

/**
 * The options for a token source that the environment describes:
 *
 * - `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, and one of `AZURE_CLIENT_SECRET`, `AZURE_CLIENT_CERTIFICATE_PATH` (PEM or PFX; with
 *   `AZURE_CLIENT_CERTIFICATE_PASSWORD`, `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN`) and `AZURE_FEDERATED_TOKEN_FILE`;
 * - `AZURE_AUTHORITY_HOST`: one of Microsoft's known hosts, a loopback host, or one of `trustedAuthorityHosts`;
 * - `AZURE_REGIONAL_AUTHORITY_NAME`: a region, or `AutoDiscoverRegion` for `region: 'auto'`;
 * - `AZURE_ADDITIONALLY_ALLOWED_TENANTS`: the option `tenants`, divided by semicolons, or `*` for `any`.
 *
 * Empty variables count as absent.
 *
 * @param options.environment  default: `process.env`
 * @param options.trustedAuthorityHosts  by host alone, such as `login.example.com`. Default: none
 * @throws {TokenSourceError} `invalid_configuration`, naming the variables; `untrusted_authority`
 * @throws {ProtocolError} `invalid_tenant`, `invalid_url`, `invalid_parameter`, naming the variables; `invalid_credential`
 * @see Azure SDK environment variables https://learn.microsoft.com/javascript/api/overview/azure/identity-readme#environment-variables
 */
export function fromEnvironment(
  options: { environment?: Environment | undefined; trustedAuthorityHosts?: readonly string[] | undefined } = {},
): TokenSourceOptions {
  const { environment = process.env, trustedAuthorityHosts = [] } = options;
  const authority = readAuthority(environment);
  // An environment may be written by others, so it cannot vouch for the host that a secret or assertion goes to.
  if (!isKnownServer(authority) && !trustedAuthorityHosts.includes(new URL(authority.issuer).host)) {
    throw untrusted(
      authority,
      "of AZURE_AUTHORITY_HOST is none of Microsoft's known ones; if credentials may go there, name it in trustedAuthorityHosts",
    );
  }
  return {
    authority,
    clientId: required(environment, 'AZURE_CLIENT_ID'),
    credential: readCredential(environment),
    tenants: readTenants(environment),
  };
}

function readAuthority(environment: Environment): Authority {
  const tenant = required(environment, 'AZURE_TENANT_ID');
  const authorityHost = readVariable(environment, 'AZURE_AUTHORITY_HOST');
  const region = readRegion(environment);
  try {
    // The host is judged when it is known by its parsed name; Microsoft is never asked about one from the environment.
    return entra({ tenant, authorityHost, region, environment, trustAuthorityHost: true });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const names = AUTHORITY_VARIABLES.filter((name) => readVariable(environment, name) !== undefined).join(', ');
    throw new ProtocolError(error.code, `What the environment says of the authority (${names}) cannot be used. ${error.message}`);
  }
}

function readRegion(environment: Environment): string | undefined {
  const region = readVariable(environment, 'AZURE_REGIONAL_AUTHORITY_NAME');
  return region !== undefined && /^(AutoDiscoverRegion|TryAutoDetect)$/i.test(region) ? 'auto' : region;
}

/** Exactly one is wanted: which of two would serve is not to be guessed. */
function readCredential(environment: Environment): Credential {
  const set = CREDENTIAL_VARIABLES.filter((name) => readVariable(environment, name) !== undefined);
  const [name] = set;
  if (name === undefined) throw misconfigured(`None of ${CREDENTIAL_VARIABLES.join(', ')} is set; set one, or give the credential in code`);
  if (set.length > 1) throw misconfigured(`${set.join(' and ')} are set, and only one can serve; unset what is not meant`);
  const value = environment[name] ?? '';
  const certificateOptions = readCertificateOptions(environment);
  if (name === 'AZURE_CLIENT_CERTIFICATE_PATH') return certificateFile(value, certificateOptions);
  const [idle] = CERTIFICATE_OPTIONS.filter((option) => readVariable(environment, option) !== undefined);
  if (idle !== undefined) throw misconfigured(`${idle} is set without AZURE_CLIENT_CERTIFICATE_PATH, beside ${name}; unset it`);
  return name === 'AZURE_CLIENT_SECRET' ? secret(value) : workloadIdentity({ tokenFile: value });
}

function readCertificateOptions(environment: Environment): { readonly passphrase: string | undefined; readonly sendChain: boolean } {
  const sendChain = readVariable(environment, 'AZURE_CLIENT_SEND_CERTIFICATE_CHAIN') ?? 'false';
  if (!/^(1|true|0|false)$/i.test(sendChain)) throw misconfigured('AZURE_CLIENT_SEND_CERTIFICATE_CHAIN is neither "true" nor "false"');
  return {
    passphrase: readVariable(environment, 'AZURE_CLIENT_CERTIFICATE_PASSWORD'),
    sendChain: /^(1|true)$/i.test(sendChain),
  };
}

function readTenants(environment: Environment): readonly string[] | 'any' {
  const list = readVariable(environment, 'AZURE_ADDITIONALLY_ALLOWED_TENANTS') ?? '';
  const tenants = list
    .split(';')
    .map((tenant) => tenant.trim())
    .filter((tenant) => tenant !== '');
  return tenants.includes('*') ? 'any' : tenants;
}

function required(environment: Environment, name: string): string {
  const value = readVariable(environment, name);
  if (value === undefined) throw misconfigured(`${name} is not set; set it, or give the options in code`);
  return value;
}

function misconfigured(message: string): TokenSourceError {
  return new TokenSourceError('invalid_configuration', message);
}

const AUTHORITY_VARIABLES = ['AZURE_TENANT_ID', 'AZURE_AUTHORITY_HOST', 'AZURE_REGIONAL_AUTHORITY_NAME'];
const CREDENTIAL_VARIABLES = ['AZURE_CLIENT_SECRET', 'AZURE_CLIENT_CERTIFICATE_PATH', 'AZURE_FEDERATED_TOKEN_FILE'] as const;
const CERTIFICATE_OPTIONS = ['AZURE_CLIENT_CERTIFICATE_PASSWORD', 'AZURE_CLIENT_SEND_CERTIFICATE_CHAIN'];
