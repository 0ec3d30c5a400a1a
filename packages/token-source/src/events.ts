/**
 * What token sources tell whoever listens, on `node:diagnostics_channel`. Nothing secret is in an event: no token, secret, assertion
 * or key, no URL beyond its host. While nobody listens, an event costs a look at a flag. What becomes of values in memory and in
 * shared stores, the token cache tells on channels of its own.
 */
import { type Channel, channel } from 'node:diagnostics_channel';

/** The events by the last part of their channel's name, which begins with `client-credentials:token-source:`. */
export interface TokenSourceEvents {
  /** A caller was given a token. */
  token: SourceEvent & {
    readonly tenant?: string;
    readonly scope: string;
    /** `old`: no new one could be had, and this is still valid. */
    readonly from: 'memory' | 'store' | 'server' | 'old';
    /** How long it stays valid, milliseconds. */
    readonly remainingMs: number;
  };
  /** An attempt at a token has ended. */
  'token-request': SourceEvent & {
    readonly tenant?: string;
    readonly scope: string;
    /** The host that was asked; absent when the attempt failed before. */
    readonly host?: string;
    /** Which kind of credential served. */
    readonly credential: string;
    /** When that credential ends, epoch milliseconds, where that is known. */
    readonly credentialExpiresAtMs?: number;
    /** Counted from 1. */
    readonly attempt: number;
    readonly outcome: 'token' | 'refused' | 'failed';
    /** Of the answer. */
    readonly status?: number;
    /** The server's `error`, else the failure's `code`. */
    readonly error?: string;
    /** Entra: the AADSTS numbers. */
    readonly errorCodes?: readonly number[];
    readonly durationMs: number;
  };
  /**
   * The credential ends in 30, 14, 7 or 1 days, or has ended: told once for each of these, when it is loaded. One that is renewed
   * without anybody's doing is not told of.
   */
  'credential-expiring': SourceEvent & { readonly credential: string; readonly expiresAtMs: number; readonly daysLeft: number };
  /** One of several credentials was passed over: it could not be used (`error` says why), or the server has refused it. */
  'credential-skipped': SourceEvent & { readonly credential: string; readonly error: string };
  /** The server has asked for a pause. */
  throttled: SourceEvent & { readonly tenant?: string; readonly retryAtMs: number };
  /** This machine's clock is off by this much from the server's, and assertions are dated by the server's from now on. */
  'clock-offset': SourceEvent & { readonly host: string; readonly offsetMs: number };
  /** Something that works and should not stay as it is. */
  warning: SourceEvent & { readonly warning: 'foreign_token_endpoint' | 'unread_token' | 'request_loop'; readonly message: string };
}

export interface SourceEvent {
  /** The `name` of the source. */
  readonly source: string;
}

/** The events of one source. */
export class Events {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  /** Publishes an event, which is made only if somebody listens. */
  publish<N extends keyof TokenSourceEvents>(name: N, event: () => Omit<TokenSourceEvents[N], keyof SourceEvent>): void {
    const to = CHANNELS[name];
    if (to.hasSubscribers) to.publish({ source: this.#source, ...event() });
  }
}

const CHANNELS: Readonly<Record<keyof TokenSourceEvents, Channel>> = {
  token: named('token'),
  'token-request': named('token-request'),
  'credential-expiring': named('credential-expiring'),
  'credential-skipped': named('credential-skipped'),
  throttled: named('throttled'),
  'clock-offset': named('clock-offset'),
  warning: named('warning'),
};

function named(name: keyof TokenSourceEvents): Channel {
  return channel(`client-credentials:token-source:${name}`);
}
