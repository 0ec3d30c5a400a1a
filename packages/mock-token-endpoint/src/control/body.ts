/** The body of a control request: JSON, and not much of it. */
import { MockError } from '../errors.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import { refuse } from './answer.ts';

/** Refuses a body that will not be looked at; `undefined` lets it in. A form cannot pass, and so no page can send one without asking first. */
export function refuseBody({ headers, body }: MockRequest): Answer | undefined {
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    return refuse({ status: 415, code: 'unsupported_media_type', message: 'Send JSON, with content-type: application/json' });
  }
  if (Buffer.byteLength(body) <= LARGEST) return undefined;
  return refuse({ status: 413, code: 'too_large', message: `The body is over ${LARGEST} octets: send less` });
}

/** @throws {MockError} `invalid_option` for what is no JSON */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new MockError('invalid_option', 'The body is no JSON: send one JSON value', { cause });
  }
}

const LARGEST = 262_144;
