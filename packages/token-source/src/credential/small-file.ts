/** Reads a text from a small file, such as a token. */
import { type FileToRead, readStampedFile } from './stamped-file.ts';

/**
 * The text without the white space around it.
 *
 * @throws {TokenSourceError} `credential_unavailable`, with the path, if it is no regular file, too long, or cannot be read
 */
export async function readSmallFile(file: FileToRead): Promise<string> {
  const { octets } = await readStampedFile(file);
  return new TextDecoder().decode(octets).trim();
}
