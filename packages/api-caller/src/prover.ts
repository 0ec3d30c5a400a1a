/** Shows that the sender of a bound token has its key: a new proof for every request, with the nonce the API wants. RFC 9449 §7 and §9. */
import { readDpopNonce, type TokenBinding } from '@client-credentials/protocol';
import type { Dispatcher } from 'undici';
import type { Call } from './call.ts';

/** The request that a proof is for. */
export type ProvenCall = Pick<Call, 'method' | 'target'>;

export class Prover {
  /** By origin. They are those that were declared, so that there are few. */
  readonly #nonces = new Map<string, string>();

  /** The value of the `DPoP` field for one request. */
  async prove({ method, target }: ProvenCall, binding: TokenBinding): Promise<string> {
    const nonce = this.#nonces.get(target.origin);
    return (await binding.proof?.({ method, url: target.url.href, ...(nonce !== undefined && { nonce }) })) ?? '';
  }

  /** RFC 9449 §8.2: any answer may name the next nonce. */
  learn({ target }: ProvenCall, headers: Dispatcher.ResponseData['headers']): void {
    const nonce = readDpopNonce(headers);
    if (nonce !== undefined) this.#nonces.set(target.origin, nonce);
  }
}
