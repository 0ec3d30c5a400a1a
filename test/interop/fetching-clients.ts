/** Clients that are not ours and send their requests through a `fetch` that is given; and a credential of Azure's. */
import { ManagedIdentityCredential } from '@azure/identity';
import type { ApiCaller } from '@client-credentials/api-caller';
import { Client, type Context, type Middleware, PageIterator } from '@microsoft/microsoft-graph-client';
import createClient, { type Client as GeneratedClient } from 'openapi-fetch';

/** All users, page by page, as the client of Microsoft Graph reads them. */
export async function countUsers(baseUrl: string, caller: ApiCaller): Promise<number> {
  const sender: Middleware = {
    execute: async (context: Context) => {
      context.response = await caller.fetch(String(context.request), context.options as RequestInit);
    },
  };
  const client = Client.initWithMiddleware({ middleware: sender, baseUrl: baseUrl.replace(/v1\.0\/$/, ''), defaultVersion: 'v1.0' });
  let count = 0;
  const pages = new PageIterator(client, await client.api('/users').top(100).get(), () => {
    count += 1;
    return true;
  });
  await pages.iterate();
  return count;
}

export function generatedClient(baseUrl: string, { fetch }: ApiCaller): GeneratedClient<Paths> {
  return createClient<Paths>({ baseUrl: baseUrl.replace(/\/$/, ''), fetch });
}

/** The identity of the machine, which the environment says. */
export function machineCredential(): ManagedIdentityCredential {
  return new ManagedIdentityCredential();
}

/** What is generated from the description of an API. */
interface Paths {
  readonly '/users': {
    readonly get: {
      readonly parameters: { readonly query: { readonly $top: number } };
      readonly responses: { readonly 200: { readonly content: { readonly 'application/json': { readonly value: readonly unknown[] } } } };
    };
  };
}
