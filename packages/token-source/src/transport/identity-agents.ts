/** Agents that show a client certificate, each its own, so that no other request can come upon their connections. RFC 8705 §2. */
import type { TlsBinding } from '@client-credentials/protocol';
import type { Dispatcher } from 'undici';

/** At most four certificates are kept ready; whichever was used longest ago gives way, once its requests have ended. */
export class IdentityAgents {
  readonly #create: (tls: TlsBinding) => Dispatcher;
  /** By thumbprint, the one used last at the end. */
  readonly #kept = new Map<string, IdentityAgent>();
  readonly #leaving = new Set<IdentityAgent>();

  constructor(create: (tls: TlsBinding) => Dispatcher) {
    this.#create = create;
  }

  /** The agent that shows this certificate, for one request, which ends when `end` is aborted. */
  borrow(tls: TlsBinding, end: AbortSignal): Dispatcher {
    const { thumbprint } = tls;
    const identity = this.#kept.get(thumbprint) ?? { agent: this.#create(tls), requests: 0 };
    this.#kept.delete(thumbprint);
    this.#kept.set(thumbprint, identity);
    identity.requests += 1;
    end.addEventListener('abort', () => this.#giveBack(identity), { once: true });
    this.#makeRoom();
    return identity.agent;
  }

  async close(): Promise<void> {
    const all = [...this.#kept.values(), ...this.#leaving];
    this.#kept.clear();
    this.#leaving.clear();
    await Promise.all(all.map(({ agent }) => agent.destroy()));
  }

  #makeRoom(): void {
    const [oldest] = this.#kept;
    if (oldest === undefined || this.#kept.size <= MOST_IDENTITIES) return;
    const [thumbprint, identity] = oldest;
    this.#kept.delete(thumbprint);
    this.#leaving.add(identity);
    this.#endIfIdle(identity);
  }

  #giveBack(identity: IdentityAgent): void {
    identity.requests -= 1;
    this.#endIfIdle(identity);
  }

  #endIfIdle(identity: IdentityAgent): void {
    if (identity.requests === 0 && this.#leaving.delete(identity)) void identity.agent.destroy();
  }
}

interface IdentityAgent {
  readonly agent: Dispatcher;
  /** How many are under way. */
  requests: number;
}

const MOST_IDENTITIES = 4;
