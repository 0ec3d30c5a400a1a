/** Clients of Azure, Microsoft Graph and SQL Server that are not ours, unmodified, each given one credential. What sends their requests is replaced where they let it be. */
import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { CosmosClient } from '@azure/cosmos';
import { SecretClient } from '@azure/keyvault-secrets';
import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import type { TokenCredential } from '@client-credentials/token-source';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import { Connection } from 'tedious';

/** The value of a secret, from Key Vault. */
export async function readSecret(
  name: string,
  { credential, api }: { credential: TokenCredential; api: Api },
): Promise<string | undefined> {
  const client = new SecretClient('https://reports.vault.azure.net', credential, { httpClient: httpClientOf(api) });
  return (await client.getSecret(name)).value;
}

/** Asks Cosmos DB for what it says of an account. */
export async function readDatabaseAccount(endpoint: string, { credential, api }: { credential: TokenCredential; api: Api }): Promise<void> {
  const client = new CosmosClient({ endpoint, aadCredentials: credential, httpClient: httpClientOf(api) });
  try {
    await client.getDatabaseAccount();
  } finally {
    client.dispose();
  }
}

/** The token with which the client of Microsoft Graph authorizes its requests. */
export function graphToken(scope: string, { credential }: { credential: TokenCredential }): Promise<string> {
  return new TokenCredentialAuthenticationProvider(credential, { scopes: [scope] }).getAccessToken();
}

/** Gives the credential to those that can only be made, without a server of theirs. */
export async function makeOthers(credential: TokenCredential): Promise<void> {
  new BlobServiceClient('https://reports.blob.core.windows.net', credential);
  const bus = new ServiceBusClient('reports.servicebus.windows.net', credential);
  await bus.close();
  const sql = new Connection({ server: 'reports.invalid', authentication: { type: 'token-credential', options: { credential } } });
  sql.close();
}

/** In place of the network: answers the `index`-th request, counted from 0. */
export type Api = (request: { readonly url: string; readonly authorization: string | undefined }, index: number) => ApiAnswer;

export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

function httpClientOf(api: Api): HttpClient {
  let index = 0;
  return {
    async sendRequest(request: PipelineRequest) {
      const { status, headers = {}, body = {} } = api({ url: request.url, authorization: request.headers.get('authorization') }, index++);
      const sent = createHttpHeaders({ 'content-type': 'application/json', ...headers });
      return { request, status, headers: sent, bodyAsText: JSON.stringify(body) };
    },
  };
}
