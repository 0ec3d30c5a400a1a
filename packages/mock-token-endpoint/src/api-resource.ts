/** The protected API by its names: where it is, what tokens for it are asked for with, and the role it takes. */

/** Where the API is, on the mock's own origin. */
export const API_PATH: string = '/graph/v1.0/';
/** The identifier URI that tokens for the API are asked for with, and their `aud`. */
export const API_RESOURCE: string = 'api://mock-graph';
/** The app role that reading users takes. */
export const READ_USERS: string = 'User.Read.All';
