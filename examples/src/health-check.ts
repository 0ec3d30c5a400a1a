/** What a daemon answers when it is asked how it is: whether it could get a token now, without asking for one. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { certificateFile, createTokenSource, entra } from '@client-credentials/token-source';
import { openTenant } from './tenant/tenant.ts';

const tenant = await openTenant(); // the mock; with --real the tenant of AZURE_TENANT_ID
const tokens = createTokenSource({
  authority: entra(tenant.authority),
  clientId: tenant.clientId,
  credential: certificateFile(tenant.certificateFile, { privateKeyPath: tenant.privateKeyFile }),
  ca: tenant.ca,
});

const health = createServer(async (_, response) => {
  const report = await tokens.check(); // never rejects, and asks nobody
  response.writeHead(report.ok ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(report));
});
await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', resolve));

const url = `http://127.0.0.1:${(health.address() as AddressInfo).port}/health`;
for (const moment of ['before the first token', 'after it']) {
  const answer = await fetch(url);
  console.log(`${moment}: ${answer.status} ${await answer.text()}`);
  await tokens.getToken(tenant.scope);
}
health.closeAllConnections();
health.close();
await tokens.close();
await tenant.close();
