/** Which tokens an API has refused what they ask for, so that a newer one is asked for once and not with every 403. */

/** Remembers the last 1,000. */
export class ForbiddenTokens {
  readonly #tokens = new Set<string>();

  has(token: string): boolean {
    return this.#tokens.has(token);
  }

  add(...tokens: readonly string[]): void {
    for (const token of tokens) this.#tokens.add(token);
    for (const oldest of this.#tokens) {
      if (this.#tokens.size <= MOST_TOKENS) return;
      this.#tokens.delete(oldest);
    }
  }
}

const MOST_TOKENS = 1_000;
