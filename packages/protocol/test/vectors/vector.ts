/** What a file of `vectors/` holds: cases that need no knowledge of this code. */

/** One case: what goes in, and what comes out or which error code. */
export interface Vector {
  /** A sentence that says what holds. */
  readonly name: string;
  /** The requirements it shows, such as `CC-03`. */
  readonly requirements: readonly string[];
  /** Where the case comes from: a section of a specification, a vendor's page, or `computed` and with what. */
  readonly source: string;
  readonly input: unknown;
  readonly output?: unknown;
  /** The code of the error that comes instead of an output. */
  readonly error?: string;
}

/** A file of vectors about one thing. */
export interface VectorFile {
  /** What is done with `input`, what its members mean, and their units. */
  readonly description: string;
  readonly vectors: readonly Vector[];
}

/** Does with an input what the file's description says, and returns plain data. The cast to the input's shape is the adapter's own. */
// biome-ignore lint/suspicious/noExplicitAny: each file of vectors has an input of its own shape.
export type Adapter = (input: any) => unknown;
