/** Where the story plays: the mock on this machine, or a real tenant. */
import { readFile } from 'node:fs/promises';
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { type ClientCertificate, readCertificate } from '@client-credentials/protocol';
import { certificate, entra, fromEnvironment, type TokenSourceOptions } from '@client-credentials/token-source';
import { Agent, type Dispatcher } from 'undici';
import { createWireTap, type WireTap } from './wire-tap.ts';

export interface Stage {
  /** For the reader: which servers play. */
  readonly where: string;
  readonly sourceOptions: TokenSourceOptions;
  readonly baseUrl: string;
  readonly scope: string;
  /** The URL to read once, in place of the users. */
  readonly url: string | undefined;
  /** The certificate, unless the credential is a secret. */
  readonly certificate: ClientCertificate | undefined;
  /** Sends all requests, so that the tap sees them. */
  readonly dispatcher: Dispatcher;
  readonly tap: WireTap;
  close(): Promise<void>;
}

interface Choice {
  readonly real?: boolean | undefined;
  readonly scope?: string | undefined;
  readonly url?: string | undefined;
}

export async function openStage(choice: Choice): Promise<Stage> {
  if (choice.real === true) return realStage(choice);
  if (choice.scope !== undefined || choice.url !== undefined) throw new Error('--scope and --url choose a real API; add --real');
  return mockStage();
}

/** Whatever the environment holds, nothing leaves this machine. */
async function mockStage(): Promise<Stage> {
  const mock = await startMockTokenEndpoint();
  const pem = await readFile(mock.certificateFile, 'utf8');
  const privateKey = await readFile(mock.privateKeyFile, 'utf8');
  const agent = new Agent({ connect: { ca: mock.ca } });
  const tap = createWireTap();
  return {
    where: `the mock at ${mock.authorityHost}; nothing leaves this machine`,
    sourceOptions: {
      authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }),
      clientId: mock.clientId,
      credential: certificate({ pem, privateKey }),
    },
    baseUrl: mock.apiBaseUrl,
    scope: mock.scope,
    url: undefined,
    certificate: readCertificate({ pem, privateKey, nowMs: Date.now() }),
    dispatcher: agent.compose(tap.interceptor),
    tap,
    close: once(async () => {
      await agent.destroy();
      await mock.close();
    }),
  };
}

async function realStage({ scope = GRAPH_SCOPE, url }: Choice): Promise<Stage> {
  const baseUrl = readBaseUrl(url);
  // A token for one API must not go to another.
  if (baseUrl.startsWith(`${GRAPH}/`) !== (scope === GRAPH_SCOPE))
    throw new Error('--url and --scope name another API than Graph together; give both');
  const sourceOptions = fromEnvironment();
  const agent = new Agent();
  const tap = createWireTap();
  return {
    where: `the tenant ${process.env['AZURE_TENANT_ID']} for real`,
    sourceOptions,
    baseUrl,
    scope,
    url,
    certificate: await certificateOfEnvironment(),
    dispatcher: agent.compose(tap.interceptor),
    tap,
    close: once(() => agent.destroy()),
  };
}

/** The end of the story and a signal may both close the stage; whoever comes second waits for the first. */
function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => (closing ??= close());
}

function readBaseUrl(url: string | undefined): string {
  if (url === undefined) return `${GRAPH}/v1.0/`;
  if (!URL.canParse(url)) throw new Error(`--url is "${url}", which is no URL; write it whole, such as https://api.example/users`);
  return `${new URL(url).origin}/`;
}

const GRAPH = 'https://graph.microsoft.com';
const GRAPH_SCOPE = `${GRAPH}/.default`;

async function certificateOfEnvironment(): Promise<ClientCertificate | undefined> {
  const { AZURE_CLIENT_CERTIFICATE_PATH: path, AZURE_CLIENT_CERTIFICATE_PASSWORD: passphrase } = process.env;
  if (path === undefined || path === '') return undefined;
  // fromEnvironment has the better words for a file that cannot be read; it comes to it next.
  const pem = await readFile(path).catch(() => undefined);
  if (pem === undefined) return undefined;
  return readCertificate({ pem, passphrase: passphrase === '' ? undefined : passphrase, nowMs: Date.now() });
}
