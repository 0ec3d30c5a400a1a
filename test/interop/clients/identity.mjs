/** `@azure/identity`: asks for one token with the credential that is named, and prints what came of it. */
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';

const { authorityHost, tenantId, clientId, scope, kind, secret, certificatePath, sendCertificateChain, assertion } = JSON.parse(
  process.argv[2],
);
const options = { authorityHost, disableInstanceDiscovery: true, sendCertificateChain };
const credentials = {
  secret: () => new ClientSecretCredential(tenantId, clientId, secret, options),
  certificate: () => new ClientCertificateCredential(tenantId, clientId, certificatePath, options),
  assertion: () => new ClientAssertionCredential(tenantId, clientId, async () => assertion, options),
  // The rest of these two is in the environment.
  workload: () => new WorkloadIdentityCredential({ disableInstanceDiscovery: true }),
  managed: () => new ManagedIdentityCredential(),
};

const acquired = await credentials[kind]()
  .getToken(scope)
  .then(
    ({ token }) => ({ token }),
    ({ name, errorResponse, message }) => ({ error: { name, code: errorResponse?.error, message } }),
  );
console.log(JSON.stringify([acquired]));
