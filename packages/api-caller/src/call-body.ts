/** Opens a request's body anew for each attempt. */
import { Readable } from 'node:stream';
import type { Body, OpenBody } from './call.ts';
import { ApiCallerError } from './errors.ts';

/** @throws {ApiCallerError} `invalid_configuration` for what is no body that can be sent more than once */
export function openerOf(body: Body | undefined): () => OpenBody {
  if (typeof body === 'function') return () => openStream(body());
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array) && !(body instanceof URLSearchParams)) {
    throw new ApiCallerError('invalid_configuration', '`body` is neither text, bytes, URLSearchParams nor a function that opens a stream');
  }
  const open = { body: body instanceof URLSearchParams ? body.toString() : (body ?? null), failure: () => undefined };
  return () => open;
}

/** Notes a failure of the caller's stream: out of undici it comes like any other, and those may hold parts of the answer. */
function openStream(source: AsyncIterable<Uint8Array> | NodeJS.ReadableStream): OpenBody {
  let failure: { readonly error: unknown } | undefined;
  async function* noted(): AsyncGenerator<string | Uint8Array> {
    try {
      yield* source;
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  return { body: Readable.from(noted(), { objectMode: false }), failure: () => failure };
}
