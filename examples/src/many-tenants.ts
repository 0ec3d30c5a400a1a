/** A vendor's daemon that works in the tenants of its customers, of which one is not ready yet. It plays against the mock alone. */
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { createTokenSource, entra, OnboardingError, secret } from '@client-credentials/token-source';

const clientId = '6731de76-14a6-49ae-97bc-6eba6914391e';
const registered = { secrets: ['correct horse'] };
const mock = await startMockTokenEndpoint({
  tenants: {
    'contoso.example': { clients: { [clientId]: registered } },
    'fabrikam.example': { clients: { [clientId]: { ...registered, consented: false } } },
    'tailspin.example': { clients: { [clientId]: { ...registered, disabled: true } } },
  },
});

const customers = ['contoso.example', 'fabrikam.example', 'tailspin.example'];
const tokens = createTokenSource({
  authority: entra({ tenant: 'vendor.example', authorityHost: mock.authorityHost }),
  clientId,
  credential: secret('correct horse'),
  tenants: customers, // no other may be named
  ca: mock.ca,
});

for (const tenant of customers) {
  try {
    const { expiresAtMs } = await tokens.getToken('https://graph.microsoft.com/.default', { tenant });
    console.log(`${tenant}: a token until ${new Date(expiresAtMs).toISOString()}`);
  } catch (error) {
    if (!(error instanceof OnboardingError)) throw error;
    console.log(`${tenant}: ${error.state}${error.consentUrl === undefined ? '' : `, ask its administrator to open ${error.consentUrl}`}`);
  }
}
await tokens.close();
await mock.close();
