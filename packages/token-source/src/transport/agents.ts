/** The agents of one wire: which request goes over which connections. Each is made when it is first needed. */
import type { Dispatcher } from 'undici';
import { type ConnectionOptions, createAgent, type Undici } from './agent.ts';
import { IdentityAgents } from './identity-agents.ts';
import type { HttpRequest } from './transport.ts';

export class Agents {
  readonly #create: (differences: Partial<ConnectionOptions>) => Dispatcher;
  readonly #identities: IdentityAgents;
  readonly #hasProxy: boolean;
  #usual: Dispatcher | undefined;
  #direct: Dispatcher | undefined;

  constructor(undici: Undici, options: ConnectionOptions) {
    this.#create = (differences) => createAgent(undici, { ...options, ...differences });
    this.#identities = new IdentityAgents((tls) => this.#create({ tls }));
    this.#hasProxy = options.proxies !== undefined;
  }

  /** The agent for one request, which ends when its signal is aborted. */
  borrow({ tls, direct, signal }: Pick<HttpRequest, 'tls' | 'direct' | 'signal'>): Dispatcher {
    if (tls !== undefined) return this.#identities.borrow(tls, signal);
    if (direct === true && this.#hasProxy) {
      this.#direct ??= this.#create({ proxies: undefined });
      return this.#direct;
    }
    this.#usual ??= this.#create({});
    return this.#usual;
  }

  async close(): Promise<void> {
    await Promise.all([this.#usual?.destroy(), this.#direct?.destroy(), this.#identities.close()]);
  }
}
