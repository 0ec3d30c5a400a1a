/** What can call an API with a token, each as a function that makes one call and reads its JSON. */
import { createRequire } from 'node:module';
import { createApiCaller } from '@client-credentials/api-caller';
import { Agent } from 'undici';

const foreign = createRequire(new URL('../../interop/package.json', import.meta.url));
const TOKEN = `eyJ${'a'.repeat(1500)}`;

/** Those that are installed: the foreign ones are, after `npm run interop`. */
export async function createCandidates({ baseUrl, ca }) {
  const agent = new Agent({ connect: { ca } });
  const headers = { authorization: `Bearer ${TOKEN}`, accept: 'application/json' };
  const bare = async () => (await agent.request({ origin: baseUrl, path: '/users', method: 'GET', headers })).body.json();
  const caller = createApiCaller({ baseUrl, scope: 's', tokens: async () => TOKEN, ca });
  const { signal } = new AbortController();
  const ours = async () => (await caller.request('users')).body.json();
  const oursWithSignal = async () => (await caller.request('users', { signal })).body.json();
  const getJson = () => caller.getJson('users');
  const fetched = async () => (await caller.fetch(`${baseUrl}/users`)).json();
  const globalFetch = async () => (await fetch(`${baseUrl}/users`, { headers })).json();
  return {
    candidates: {
      bare,
      request: ours,
      'request with a signal': oursWithSignal,
      getJson,
      'fetch of ours': fetched,
      'global fetch': globalFetch,
      ...(await foreigners({ baseUrl, ca })),
    },
    close: async () => {
      await caller.close();
      await agent.destroy();
    },
  };
}

async function foreigners({ baseUrl, ca }) {
  try {
    const { createEmptyPipeline, createPipelineRequest, createDefaultHttpClient, bearerTokenAuthenticationPolicy } =
      foreign('@azure/core-rest-pipeline');
    const { Client } = foreign('@microsoft/microsoft-graph-client');
    const pipeline = createEmptyPipeline();
    const credential = { getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }) };
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: 's' }));
    const httpClient = createDefaultHttpClient();
    const graph = Client.init({
      baseUrl: `${baseUrl}/`,
      defaultVersion: 'v1',
      authProvider: (done) => done(null, TOKEN),
      customHosts: new Set(['127.0.0.1']),
    });
    return {
      'core-rest-pipeline': async () =>
        JSON.parse(
          (await pipeline.sendRequest(httpClient, createPipelineRequest({ url: `${baseUrl}/users`, tlsSettings: { ca } }))).bodyAsText,
        ),
      'Graph client': () => graph.api('/users').get(),
    };
  } catch {
    console.error('The clients of others are not installed, and left out: run npm run interop first');
    return {};
  }
}
