/** Which octets of a file a piece is, and whether they are the next ones. RFC 9110 §14.4; Graph: upload large files. */
import type { Checks } from '../checks/checks.ts';
import type { UploadSession } from './drive.ts';
import type { GraphRefusal } from './graph-answer.ts';

interface Range {
  readonly first: number;
  readonly octets: number;
  /** Of the whole file. */
  readonly size: number;
}

/** What `Content-Range` says: `bytes 0-327679/1000000`. */
export function readRange(checks: Checks<GraphRefusal>, contentRange: string | undefined): Range {
  const [, first = '', last = '', size = ''] = /^bytes ([0-9]{1,15})-([0-9]{1,15})\/([0-9]{1,15})$/.exec(contentRange ?? '') ?? [];
  checks.require(size !== '' && Number(first) <= Number(last) && Number(last) < Number(size), {
    name: 'Content-Range is a range of a whole that is known',
    section: 'RFC 9110 §14.4',
    refusal: invalid('Send Content-Range: bytes FIRST-LAST/SIZE.'),
  });
  return { first: Number(first), octets: Number(last) - Number(first) + 1, size: Number(size) };
}

/** Refuses a piece that no file of this session has. */
export function requirePiece(checks: Checks<GraphRefusal>, { first, octets, size }: Range, session: UploadSession): void {
  checks.require(session.size === undefined || session.size === size, {
    name: 'the file is as large as the first piece said',
    section: 'Graph: upload large files',
    refusal: invalid(`The file has ${session.size} octets, not ${size}.`),
  });
  checks.require(octets < MOST_OCTETS, {
    name: 'the piece is smaller than 60 MiB',
    section: 'Graph: upload large files',
    refusal: { status: 413, code: 'invalidRequest', message: `A piece must be smaller than ${MOST_OCTETS} octets.` },
  });
  checks.require(octets % UNIT === 0 || first + octets === size, {
    name: 'the piece is a multiple of 320 KiB, or the last one',
    section: 'Graph: upload large files',
    refusal: invalid(`A piece must be a multiple of ${UNIT} octets, unless it is the last.`),
  });
}

/** Refuses what has come already, and what something is missing before. RFC 9110 §15.5.17. */
export function requireNext(checks: Checks<GraphRefusal>, { first }: Range, { received }: UploadSession): void {
  checks.require(first === received, {
    name: 'the piece is the next one',
    section: 'Graph: upload large files',
    refusal: {
      status: 416,
      code: 'invalidRange',
      message:
        first < received ? 'The fragment has been received already.' : `The fragment is not the next one, which begins at ${received}.`,
    },
  });
}

function invalid(message: string): GraphRefusal {
  return { status: 400, code: 'invalidRequest', message };
}

const UNIT = 327_680;
const MOST_OCTETS = 60 * 1024 * 1024;
