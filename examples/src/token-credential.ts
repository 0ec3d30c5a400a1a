/** A token source as the credential of a client of Azure's SDK, which asks for tokens as it needs them. */
import { asTokenCredential, createTokenSource, entra, secret, type TokenCredential } from '@client-credentials/token-source';
import { openTenant } from './tenant/tenant.ts';

const tenant = await openTenant(); // the mock; with --real the tenant of AZURE_TENANT_ID
const tokens = createTokenSource({
  authority: entra(tenant.authority),
  clientId: tenant.clientId,
  credential: secret(() => tenant.clientSecret),
  ca: tenant.ca,
});

/** Stands for `new SecretClient(vaultUrl, credential)` and its like, and asks as they do. */
class AzureClient {
  readonly #credential: TokenCredential;

  constructor(credential: TokenCredential) {
    this.#credential = credential;
  }

  async authorization(abortSignal: AbortSignal): Promise<string> {
    const answer = await this.#credential.getToken([tenant.scope], { abortSignal, enableCae: true });
    return `${answer?.tokenType} …, until ${new Date(answer?.expiresOnTimestamp ?? 0).toISOString()}`;
  }
}

console.log(await new AzureClient(asTokenCredential(tokens)).authorization(AbortSignal.timeout(10_000)));
await tokens.close();
await tenant.close();
