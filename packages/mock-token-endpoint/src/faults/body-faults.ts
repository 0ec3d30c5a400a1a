/** Faults of a body that arrives whole: it is not what its headers, or JSON, or its size promise. */
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { ContentEncoding } from '../server/content-encoding.ts';
import type { Answer } from '../server/http.ts';
import type { Fault } from './fault.ts';
import { reissue } from './reissue.ts';

export const truncatedJson: Fault = {
  description: 'The honest JSON stops in the middle, in an answer that is complete for HTTP.',
  apply: ({ outcome: { answer } }) => {
    const text = JSON.stringify(answer.body ?? {});
    return withText(answer, text.slice(0, Math.ceil(text.length / 2)));
  },
};

export const duplicateKeys: Fault = {
  description: 'The honest JSON has its access_token, or else its first member, twice: the second time with the value "duplicate".',
  apply: ({ outcome: { answer } }) => {
    const { body } = answer;
    const members = Object.entries(typeof body === 'object' && body !== null ? body : {});
    const [name, value] = members.find(([each]) => each === 'access_token') ?? members[0] ?? ['error', 'invalid_request'];
    const pairs = [[name, value], ...members.filter(([each]) => each !== name), [name, 'duplicate']];
    return withText(answer, `{${pairs.map((pair) => pair.map((part) => JSON.stringify(part)).join(':')).join(',')}}`);
  },
};

export const wrongContentType: Fault = {
  description: 'The honest body is announced as text/html.',
  apply: ({ outcome: { answer } }) => ({ ...answer, headers: { ...answer.headers, 'content-type': 'text/html; charset=utf-8' } }),
};

export const gzipBomb: Fault = createBomb({ coding: 'gzip', size: '32 KiB', compress: promisify(gzip) });

export const brotliBomb: Fault = createBomb({ coding: 'br', size: 'less than 100 octets', compress: promisify(brotliCompress) });

export const longToken: Fault = {
  description: 'The access token is over 100 kB long; a refusal stays what it is.',
  apply: (honest) => reissue(honest, { padding: 100_000 }),
};

function withText(answer: Answer, body: string): Answer {
  return { ...answer, headers: { ...answer.headers, 'content-type': JSON_TYPE }, body };
}

interface BombOptions {
  readonly coding: ContentEncoding;
  /** In words. */
  readonly size: string;
  readonly compress: (bytes: Buffer) => Promise<Buffer>;
}

function createBomb({ coding, size, compress }: BombOptions): Fault {
  // A constant, made when somebody first wants it: all mocks share it, for it says nothing of any of them and is changed by nobody.
  let bomb: Promise<Buffer> | undefined;
  return {
    description: `The body is ${size} of ${coding === 'br' ? 'brotli' : coding} that becomes 32 MiB of JSON.`,
    apply: async ({ outcome: { answer } }) => {
      bomb ??= compress(manyBlanks());
      const headers = { ...answer.headers, 'content-type': JSON_TYPE, 'content-encoding': coding };
      return { status: answer.status, headers, body: await bomb };
    },
  };
}

function manyBlanks(): Buffer {
  const blanks = Buffer.alloc(INFLATED, ' ');
  blanks.write('{}', INFLATED - 2);
  return blanks;
}

const INFLATED = 32 * 1024 * 1024;
const JSON_TYPE = 'application/json; charset=utf-8';
