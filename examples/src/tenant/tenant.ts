/** The tenant that an example plays in: the mock on this machine, or with `--real` the one that the AZURE_* variables name. */
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';

export interface Tenant {
  /** For `entra(…)`. */
  readonly authority: { readonly tenant: string; readonly authorityHost?: string | undefined };
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM; with the key in it where there is no other file for that. */
  readonly certificateFile: string;
  readonly privateKeyFile: string | undefined;
  readonly scope: string;
  /** What to trust for TLS in place of Node's roots. */
  readonly ca: string | undefined;
  /** The variables that a program has on this platform; for real, those that it has. */
  environmentOn(platform: 'kubernetes' | 'app-service'): Promise<Readonly<Record<string, string | undefined>>>;
  close(): Promise<void>;
}

export async function openTenant(): Promise<Tenant> {
  return process.argv.includes('--real') ? realTenant(process.env) : mockTenant();
}

/** Whatever the environment holds, nothing leaves this machine. */
async function mockTenant(): Promise<Tenant> {
  const mock = await startMockTokenEndpoint();
  return {
    authority: { tenant: mock.tenantId, authorityHost: mock.authorityHost },
    clientId: mock.clientId,
    clientSecret: mock.clientSecret,
    certificateFile: mock.certificateFile,
    privateKeyFile: mock.privateKeyFile,
    scope: mock.scope,
    ca: mock.ca,
    environmentOn: (platform) => mock.platformEnvironment(platform),
    close: () => mock.close(),
  };
}

function realTenant(environment: Readonly<Record<string, string | undefined>>): Tenant {
  const required = (name: string): string => {
    const value = environment[name] ?? '';
    if (value === '') throw new Error(`${name} is not set, and this example takes it from there`);
    return value;
  };
  return {
    authority: { tenant: required('AZURE_TENANT_ID'), authorityHost: environment['AZURE_AUTHORITY_HOST'] || undefined },
    clientId: required('AZURE_CLIENT_ID'),
    // Each is asked for by the example that uses it.
    get clientSecret() {
      return required('AZURE_CLIENT_SECRET');
    },
    get certificateFile() {
      return required('AZURE_CLIENT_CERTIFICATE_PATH');
    },
    privateKeyFile: undefined,
    scope: 'https://graph.microsoft.com/.default',
    ca: undefined,
    environmentOn: async () => environment,
    close: async () => {},
  };
}
