/** How the application proves who it is: the interface that every credential keeps. */
import type { AuthorizationServer, ClientAuthentication, MaybePromise, TlsBinding } from '@client-credentials/protocol';
import type { Authority } from '../authority/authority.ts';
import type { Transport } from '../transport/transport.ts';

/** What a credential may need to be loaded. */
export interface CredentialContext {
  /** Who is to be convinced. Entra: with the tenant that is asked for the token. */
  readonly authority: Authority;
  readonly clientId: string;
  /** Ends the loading; what was loaded is dropped. */
  readonly signal: AbortSignal;
  /** The clock, epoch milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Sends what the credential itself has to ask for. */
  readonly transport: Pick<Transport, 'send'>;
  /** For one such request, milliseconds. */
  readonly timeoutMs: number;
  /** Whether the server has refused a credential with this fingerprint of late. */
  readonly isRefused: (fingerprint: string) => boolean;
  /** Told of a credential that cannot serve, while another one does. */
  readonly onSkipped: (kind: string, error: unknown) => void;
}

/** A credential that was read and checked, ready to authenticate one request. */
export interface LoadedCredential {
  /** Which kind of credential this is; the one that serves, where there are several to choose from. */
  readonly kind: string;
  /** The same as long as the credential is: another secret, certificate or token has another one. Tells nothing of what is secret. */
  readonly fingerprint: string;
  /** When it ceases to be valid, epoch milliseconds, where that is known. */
  readonly expiresAtMs?: number;
  /** Whether it is renewed without anybody's doing, so that its end is no news. */
  readonly renewsItself?: boolean;
  /** What the connection to the token endpoint shows. RFC 8705. */
  readonly tls?: TlsBinding;
  /** Whether the tokens it gets are bound to what the connection shows. RFC 8705 §3. */
  readonly bindsTokens?: boolean;
  /** Entra: the type of token to ask for, if it is not Bearer. */
  readonly tokenType?: 'mtls_pop';
  /** The client authentication method to use with this server. */
  authentication(server: AuthorizationServer): ClientAuthentication;
}

/** Made by `secret`, `certificate` and their kin. */
export interface Credential {
  readonly kind: string;
  /** Whether the tokens it gets may be bound to it: then a renewed one gets tokens of its own. */
  readonly bindsTokens?: boolean;
  /** Reads and checks the credential as it is now. Called once for every attempt, before anything is sent. */
  load(context: CredentialContext): MaybePromise<LoadedCredential>;
}
