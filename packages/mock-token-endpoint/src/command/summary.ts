/** What the bin tells a person: what runs where, and lines to paste into a shell. */
import type { MockTokenEndpoint } from '../mock-token-endpoint.ts';
import type { MockOptions } from '../options.ts';
import { COMMAND } from './usage.ts';

interface Facts extends Pick<MockOptions, 'profile' | 'tls'> {
  /** Certificate and key in one file. */
  readonly credentialFile: string;
}

/** The summary, with the secrets of the mock's own client in it. */
export function summaryOf(mock: MockTokenEndpoint, { profile = 'entra', tls = true, credentialFile }: Facts): string {
  const faces = [`Entra face    ${mock.tokenEndpoint}`, `RFC face      ${mock.issuer} (the issuer; ${mock.issuer}/token)`];
  return `The mock token endpoint runs with the profile ${profile}. Ctrl-C ends it.

${(profile === 'rfc' ? faces.toReversed() : faces).join('\n')}
API           ${mock.apiBaseUrl} (scope ${mock.scope})
Platforms     ${mock.platformUrl} (managed identities, federated tokens)
Inspector     ${mock.inspectorUrl}
Control       ${mock.controlUrl} (token ${mock.controlToken})

A token, to paste into a shell:

${curlLine(mock, { profile, tls })}

${tls ? environmentOf(mock, credentialFile) : WITHOUT_TLS}
For scripts that steer the mock, with the token as a bearer token:

${variable('CONTROL_URL', mock.controlUrl)}
${variable('CONTROL_TOKEN', mock.controlToken)}

The secrets and keys shown here open nothing but this mock.
`;
}

/** Asks the face that the profile is named after. */
function curlLine(mock: MockTokenEndpoint, { profile, tls }: { profile: string; tls: boolean }): string {
  const { clientId, clientSecret } = mock;
  const start = ['curl', ...(tls ? ['--cacert', mock.caFile] : []), '-d', 'grant_type=client_credentials'];
  const rest =
    profile === 'rfc'
      ? ['-u', `${clientId}:${clientSecret}`, `${mock.issuer}/token`]
      : [
          ...['-d', `client_id=${clientId}`, '--data-urlencode', `client_secret=${clientSecret}`],
          ...['--data-urlencode', `scope=${mock.scope}`, mock.tokenEndpoint],
        ];
  return [...start, ...rest].map(quote).join(' ');
}

/** The variables that Azure's SDKs read; a secret and a certificate at once would leave open which is meant. */
function environmentOf(mock: MockTokenEndpoint, credentialFile: string): string {
  return `For programs that read these variables (@azure/identity also wants disableInstanceDiscovery: true in code):

${variable('AZURE_AUTHORITY_HOST', mock.authorityHost)}
${variable('AZURE_TENANT_ID', mock.tenantId)}
${variable('AZURE_CLIENT_ID', mock.clientId)}
${variable('AZURE_CLIENT_SECRET', mock.clientSecret)}
${variable('NODE_EXTRA_CA_CERTS', mock.caFile)}

With the certificate in place of the secret:

unset AZURE_CLIENT_SECRET
${variable('AZURE_CLIENT_CERTIFICATE_PATH', credentialFile)}
`;
}

const WITHOUT_TLS = `Programs that read the AZURE_* variables insist on https: for those, run ${COMMAND} without --no-tls.
`;

function variable(name: string, value: string): string {
  return `export ${name}=${quote(value)}`;
}

/** One word for a POSIX shell. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
