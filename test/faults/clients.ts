/** The two libraries side by side: how each is made for a tenant of the mock, and what one call of each comes to. */
import { ConfidentialClientApplication, type INetworkModule, type NetworkRequestOptions } from '@azure/msal-node';
import type { MockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { type Credential, createTokenSource, entra, federatedToken, secret } from '@client-credentials/token-source';
import { Agent, request } from 'undici';

/** One library, ready to ask for tokens of one tenant. */
export interface Client {
  /** The value of the token. */
  getToken(options?: { signal?: AbortSignal }): Promise<string>;
  /** Whether a call can be ended by its caller. */
  readonly takesSignal: boolean;
  close(): Promise<void>;
}

interface ClientOptions {
  readonly mock: MockTokenEndpoint;
  readonly tenant: string;
  /** In place of the secret: asked for an assertion. */
  readonly assertion?: (() => Promise<string>) | undefined;
}

export type MakeClient = (options: ClientOptions) => Client;

export const ours: MakeClient = ({ mock, tenant, assertion }) => {
  const credential: Credential = assertion === undefined ? secret(mock.clientSecret) : federatedToken(assertion);
  const source = createTokenSource({
    authority: entra({ tenant, authorityHost: mock.authorityHost }),
    clientId: mock.clientId,
    credential,
    ca: mock.ca,
    // The middle of every range: a token is due just when its server says.
    random: () => 0.5,
  });
  return {
    getToken: async (options) => (await source.getToken(mock.scope, options)).value,
    takesSignal: true,
    close: () => source.close(),
  };
};

export const msal: MakeClient = ({ mock, tenant, assertion }) => {
  const dispatcher = new Agent({ connect: { ca: mock.ca } });
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: mock.clientId,
      authority: `${mock.authorityHost}/${tenant}`,
      knownAuthorities: [new URL(mock.authorityHost).host],
      ...(assertion === undefined ? { clientSecret: mock.clientSecret } : { clientAssertion: assertion }),
    },
    system: { networkClient: networkOver(dispatcher) },
  });
  return {
    getToken: async () => (await application.acquireTokenByClientCredential({ scopes: [mock.scope] }))?.accessToken ?? '',
    takesSignal: false,
    // What it still waits for would keep the test alive.
    close: () => dispatcher.destroy(),
  };
};

/** As its own network client does it, and trusting the mock. */
function networkOver(dispatcher: Agent): INetworkModule {
  const send = async <T>(url: string, method: 'GET' | 'POST', { headers, body }: NetworkRequestOptions = {}) => {
    const response = await request(url, { method, dispatcher, ...(headers && { headers }), ...(body !== undefined && { body }) });
    const text = await response.body.text();
    const names = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
    return { status: response.statusCode, headers: Object.fromEntries(names), body: JSON.parse(text) as T };
  };
  return {
    sendGetRequestAsync: (url, options) => send(url, 'GET', options),
    sendPostRequestAsync: (url, options) => send(url, 'POST', options),
  };
}
