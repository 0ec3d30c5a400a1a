/** Whether a token is the one that was asked for: of this tenant, and for this client. That guards against mix-ups; it is no validation. */
import { type AccessToken, explainToken, type TokenFacts } from '@client-credentials/protocol';
import { BoundedMap } from '../bounded-map.ts';
import { TokenSourceError } from '../errors.ts';

/** Entra alone: what others put into their tokens is theirs. */
export class OwnTokens {
  readonly #clientId: string;
  /** The tenant's id behind each domain name, as the first token of it said. */
  readonly #idByDomain = new BoundedMap<string>(MOST_DOMAINS);

  constructor({ clientId }: { clientId: string }) {
    this.#clientId = clientId;
  }

  /**
   * Lets a token pass that says nothing else, or cannot be read: then it is not judged.
   *
   * @throws {TokenSourceError} `contradictory_token`
   */
  require(token: AccessToken, { tenant, attempts }: { tenant: string; attempts: number }): void {
    const facts = factsOf(token);
    const { tenant: tid = '', clientId = this.#clientId } = facts;
    if (clientId.toLowerCase() !== this.#clientId.toLowerCase()) {
      throw contradictory(`It was issued to the client "${clientId}", and "${this.#clientId}" asked for it`, attempts);
    }
    if (tid === '') return;
    const expected = isGuid(tenant) ? tenant : (this.#idByDomain.get(tenant) ?? tid);
    if (tid.toLowerCase() !== expected.toLowerCase()) {
      throw contradictory(`It is of the tenant "${tid}", and "${expected}" was asked`, attempts);
    }
    if (!isGuid(tenant)) this.#idByDomain.set(tenant, tid);
  }
}

function factsOf(token: AccessToken): TokenFacts {
  try {
    return explainToken(token.value);
  } catch {
    return {};
  }
}

function isGuid(tenant: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tenant);
}

function contradictory(what: string, attempts: number): TokenSourceError {
  return new TokenSourceError(
    'contradictory_token',
    `The token in the answer is not the one asked for. ${what}; something between here and the server mixes answers up`,
    { attempts },
  );
}

const MOST_DOMAINS = 10_000;
