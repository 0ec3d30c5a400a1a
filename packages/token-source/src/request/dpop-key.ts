/** The key to which a source has its tokens bound, and the nonces its proofs carry. RFC 9449. */
import { generateKeyPair } from 'node:crypto';
import { buildDpopProof, createDpopBinding, createSigner, type Jwk, type Signer, type TokenBinding } from '@client-credentials/protocol';
import { BoundedMap } from '../bounded-map.ts';

/** What proofs depend on beside the request. */
export interface ProofContext {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly uniqueId: () => string;
}

/** One key for the life of a source. It never leaves the process, and the tokens bound to it are of use nowhere else. */
export class DpopKey {
  readonly #context: ProofContext;
  readonly #nonces = new BoundedMap<string>(MOST_ORIGINS);
  #made: Promise<KeyOfSource> | undefined;

  constructor(context: ProofContext) {
    this.#context = context;
  }

  /** A proof for a token request to this URL, with the latest nonce of its origin. */
  async prove(url: string, { algorithms }: { algorithms: readonly string[] | undefined }): Promise<string> {
    const { now, uniqueId } = this.#context;
    const nonce = this.#nonces.get(new URL(url).origin);
    return buildDpopProof({ ...(await this.#key()), algorithms, method: 'POST', url, nonce, nowMs: now(), uniqueId });
  }

  /** What a token that was issued for this key needs in order to be used. */
  async bind(accessToken: () => string): Promise<TokenBinding> {
    return createDpopBinding({ ...(await this.#key()), ...this.#context, accessToken });
  }

  /** RFC 9449 §8.2: any answer may bring the nonce for the next proof. */
  keepNonce(url: string, nonce: string): void {
    this.#nonces.set(new URL(url).origin, nonce);
  }

  /** Made when it is first needed. */
  #key(): Promise<KeyOfSource> {
    this.#made ??= makeKey();
    return this.#made;
  }
}

interface KeyOfSource {
  readonly signer: Signer;
  readonly publicKey: Jwk;
}

/** For ES256, which every server knows that lets clients prove possession of a key. */
function makeKey(): Promise<KeyOfSource> {
  return new Promise((resolve, reject) => {
    generateKeyPair('ec', { namedCurve: 'P-256' }, (error, publicKey, privateKey) => {
      if (error !== null) reject(error);
      else resolve({ signer: createSigner(privateKey), publicKey: publicKey.export({ format: 'jwk' }) });
    });
  });
}

const MOST_ORIGINS = 100;
