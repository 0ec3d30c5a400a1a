/** The protected APIs by their names: where they are, what tokens for them are asked for with, and the role one takes. */

/** Where the API is, on the mock's own origin. */
export const API_PATH: string = '/graph/v1.0/';
/** The identifier URI that tokens for the API are asked for with, and their `aud`. */
export const API_RESOURCE: string = 'api://mock-graph';
/** The app role that users take: the API declares no other, so it is for changing them too. */
export const READ_USERS: string = 'User.Read.All';

/** Where the secrets of the vault are, on the mock's own origin: at the root, as a vault has a host of its own. */
export const VAULT_PATH: string = '/secrets/';
/** The identifier URI that tokens for the vault are asked for with, and their `aud`. */
export const VAULT_RESOURCE: string = 'https://vault.azure.net';

/** Where upload sessions are: on the listener for client certificates alone, which to a client is another origin. */
export const UPLOAD_PATH: string = '/up/';
