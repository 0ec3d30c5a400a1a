/** Reads a body to its end, under a bound. */
import type { Dispatcher } from 'undici';
import { readConnectionError } from './connection-error.ts';
import { ApiCallerError } from './errors.ts';

/**
 * All bytes of a body. At the bound reading stops and the connection is given up.
 *
 * @param options.label  which call this is, for messages
 * @throws {ApiCallerError} `too_large`, or `network` or `timeout` if the connection fails before the end
 */
export async function readBody(
  body: Dispatcher.ResponseData['body'],
  options: { readonly maxBytes: number; readonly label: string },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > options.maxBytes) {
        const problem = `answered with more than ${options.maxBytes} bytes; raise \`maxResponseBytes\` if that is right`;
        throw new ApiCallerError('too_large', `${options.label} ${problem}`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof ApiCallerError ? error : readConnectionError(error, options.label);
  }
  return Buffer.concat(chunks, bytes);
}
