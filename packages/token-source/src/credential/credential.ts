/** How the application proves who it is: the interface that every credential keeps. */
import type { AuthorizationServer, ClientAuthentication, MaybePromise } from '@client-credentials/protocol';

/** What a credential may need to be loaded. */
export interface CredentialContext {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** A credential that was read and checked, ready to authenticate one request. */
export interface LoadedCredential {
  /** The client authentication method to use with this server. */
  authentication(server: AuthorizationServer): ClientAuthentication;
}

/** Made by `secret`, `certificate` and their kin. */
export interface Credential {
  readonly kind: string;
  /** Reads and checks the credential as it is now. Called once for every attempt, before anything is sent. */
  load(context: CredentialContext): MaybePromise<LoadedCredential>;
}
