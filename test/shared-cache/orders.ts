/** What a test and the processes it starts say to each other: an order in one line of JSON, and one line in answer. */

/** What a process is started with. */
export interface Setup {
  readonly client: ClientKind;
  /** Of the Redis server, or of any node of the cluster. */
  readonly port: number;
  /** Where values are had. */
  readonly valuesUrl: string;
  /** How long a command is waited for. The cache waits for the store twice as long, as it does by default. */
  readonly timeoutMs: number;
  /** How long a store that failed is left alone. */
  readonly retryAfterMs: number;
}

export type ClientKind = 'redis' | 'ioredis' | 'redis cluster' | 'ioredis cluster';

export interface Orders {
  /** Many calls at once for one key; answered when all have ended. */
  call: { readonly order: CallOrder; readonly answer: CallAnswer };
  /** Sets the clock of the process forward. */
  advance: { readonly order: { readonly ms: number }; readonly answer: null };
  /** Begins to call for many keys, over and over. Values so short-lived are never renewed in the background, so callers wait for each flight. */
  load: { readonly order: { readonly lifetimeMs: number }; readonly answer: null };
  /** The longest call of the load since the last lap, in milliseconds. */
  lap: { readonly order: null; readonly answer: number };
  report: { readonly order: null; readonly answer: Report };
}

export interface CallOrder {
  readonly key: string;
  readonly times: number;
  /** Of the values that these calls acquire. */
  readonly lifetimeMs: number;
  /** Whether the calls reject the value that this process was last given for the key. */
  readonly rejecting?: boolean;
}

export interface CallAnswer {
  /** The different values that came, by their names. */
  readonly names: readonly string[];
  /** The different errors that came. */
  readonly errors: readonly string[];
  readonly longestMs: number;
}

export interface Report {
  /** How many events of a lease there were, by its state. */
  readonly leases: Readonly<Partial<Record<'taken' | 'held' | 'lost' | 'released', number>>>;
  readonly circuit: 'open' | 'closed';
  readonly timesOpened: number;
  /** How long the store was left alone, in all. */
  readonly openMs: number;
  /** How often the store was read or given something while it was left alone. */
  readonly askedWhileOpen: number;
  /** How many calls of the load have ended for the caller who has made the fewest. */
  readonly calls: number;
  /** The different errors of those, and what was wrong with their values. */
  readonly errors: readonly string[];
}
