/** Cuts a stream of bytes into pieces of one length. */
import { ApiCallerError } from '../errors.ts';

/**
 * Pieces of `chunkBytes`, the last one with what is left of `bytes`. One piece is held at a time.
 *
 * @throws {ApiCallerError} `invalid_configuration` if the stream holds fewer bytes, or more; the last piece is not handed out then
 */
export async function* cut(
  source: AsyncIterable<Uint8Array>,
  { bytes, chunkBytes }: { readonly bytes: number; readonly chunkBytes: number },
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let held = 0;
  let handedOut = 0;
  for await (const part of source) {
    let rest = part;
    while (held + rest.byteLength > chunkBytes) {
      const room = chunkBytes - held;
      yield Buffer.concat([...parts, rest.subarray(0, room)]);
      handedOut += chunkBytes;
      rest = rest.subarray(room);
      parts = [];
      held = 0;
    }
    parts.push(rest);
    held += rest.byteLength;
    if (handedOut + held > bytes) throw misfit(`more than the ${bytes} bytes that are left of \`size\``);
  }
  if (handedOut + held < bytes) throw misfit(`${handedOut + held} bytes where ${bytes} are left of \`size\``);
  yield Buffer.concat(parts);
}

function misfit(problem: string): ApiCallerError {
  return new ApiCallerError('invalid_configuration', `\`body\` gave ${problem}`);
}
