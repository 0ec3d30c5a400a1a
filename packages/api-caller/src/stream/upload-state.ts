/** What an upload session says of itself: which bytes it still wants. Microsoft Graph's `nextExpectedRanges`, Google's `Range`. */
import { fieldOf } from '../headers.ts';
import type { Exchange } from '../send.ts';

/** The first byte that is still wanted; `undefined` if the answer does not say. */
export function readNextByte(headers: Exchange['response']['headers'], body: unknown): number | undefined {
  const { nextExpectedRanges } = (body ?? {}) as { readonly nextExpectedRanges?: unknown };
  const [first] = Array.isArray(nextExpectedRanges) ? nextExpectedRanges : [];
  const wanted = typeof first === 'string' ? WANTED.exec(first)?.[1] : undefined;
  if (wanted !== undefined) return Number(wanted);
  // What it has, in place of what it wants: the last byte of it.
  const had = HAD.exec(fieldOf(headers, 'range') ?? '')?.[1];
  return had === undefined ? undefined : Number(had) + 1;
}

const WANTED = /^(\d{1,15})-/;
const HAD = /^bytes=0-(\d{1,15})$/;
