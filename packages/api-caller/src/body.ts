/** Reads a body to its end, under a bound. */
import type { Dispatcher } from 'undici';
import type { Call } from './call.ts';
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
      if (bytes > options.maxBytes) throw tooLarge(options.label, options.maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof ApiCallerError ? error : readConnectionError(error, options.label);
  }
  return Buffer.concat(chunks, bytes);
}

export function tooLarge(label: string, maxBytes: number): ApiCallerError {
  return new ApiCallerError('too_large', `${label} answered with more than ${maxBytes} bytes; raise \`maxResponseBytes\` if that is right`);
}

/** The stream of an empty body does not close until somebody reads it, which nobody need do. */
export function hasBody({ method }: Call, { statusCode, headers }: Dispatcher.ResponseData): boolean {
  return method !== 'HEAD' && !BODILESS.has(statusCode) && headers['content-length'] !== '0';
}

const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);
