/** The answers of the control interface: JSON that no cache keeps. */
import type { Answer } from '../server/http.ts';

/** What was asked for, or made. */
export function json(status: 200 | 201, body: object): Answer {
  return { status, headers: NOT_STORED, body };
}

/** Done, and nothing to say. */
export function done(): Answer {
  return { status: 204, headers: NOT_STORED };
}

interface ControlRefusal {
  readonly status: number;
  readonly code: string;
  /** What happened, and what to do. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Nothing was done, and why. */
export function refuse({ status, code, message, headers }: ControlRefusal): Answer {
  return { status, headers: { ...NOT_STORED, ...headers }, body: { error: { code, message } } };
}

/** Nothing of that name or number. */
export function notFound(message: string): Answer {
  return refuse({ status: 404, code: 'not_found', message });
}

const NOT_STORED = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;
