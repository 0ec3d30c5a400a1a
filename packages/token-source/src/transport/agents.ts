/** The agents of one wire: which request goes over which connections. Each is made when it is first needed. */
import type { Dispatcher } from 'undici';
import { type ConnectionOptions, createAgent, type Undici } from './agent.ts';
import { IdentityAgents } from './identity-agents.ts';
import type { HttpRequest } from './transport.ts';

export class Agents {
  readonly #usual: RouteAgents;
  readonly #direct: RouteAgents;

  constructor(undici: Undici, options: ConnectionOptions) {
    this.#usual = new RouteAgents(undici, options);
    this.#direct = options.proxies === undefined ? this.#usual : new RouteAgents(undici, { ...options, proxies: undefined });
  }

  /** The agent for one request, which ends when its signal is aborted. */
  borrow({ tls, direct, signal }: Pick<HttpRequest, 'tls' | 'direct' | 'signal'>): Dispatcher {
    return (direct === true ? this.#direct : this.#usual).borrow({ tls, signal });
  }

  async close(): Promise<void> {
    await Promise.all([this.#usual.close(), this.#direct.close()]);
  }
}

/** The agents that have one way to the servers in common: by way of the proxies, or straight. */
class RouteAgents {
  readonly #create: (identity: Pick<ConnectionOptions, 'tls'>) => Dispatcher;
  readonly #identities: IdentityAgents;
  #anonymous: Dispatcher | undefined;

  constructor(undici: Undici, options: ConnectionOptions) {
    this.#create = (identity) => createAgent(undici, { ...options, ...identity });
    this.#identities = new IdentityAgents((tls) => this.#create({ tls }));
  }

  borrow({ tls, signal }: Pick<HttpRequest, 'tls' | 'signal'>): Dispatcher {
    if (tls !== undefined) return this.#identities.borrow(tls, signal);
    this.#anonymous ??= this.#create({});
    return this.#anonymous;
  }

  async close(): Promise<void> {
    await Promise.all([this.#anonymous?.destroy(), this.#identities.close()]);
  }
}
