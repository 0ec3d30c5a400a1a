/** How the tests of the Entra face look at a refusal: its status, its `error`, its code, and that its words are whole. */
import { expect } from 'vitest';
import type { Harness } from './harness.ts';

export interface Refusal {
  readonly title: string;
  readonly send: () => ReturnType<Harness['post']>;
  readonly status: number;
  readonly error: string;
  readonly code: number;
}

/** Expects the reply to be that refusal, in Entra's words, with no gap in them left open. */
export async function expectRefusal({ send, status, error, code }: Omit<Refusal, 'title'>): Promise<void> {
  const reply = await send();
  expect({ status: reply.status, error: reply.json.error, codes: reply.json.error_codes }).toEqual({ status, error, codes: [code] });
  expect(reply.json.error_description).toMatch(new RegExp(`^AADSTS${code}: `));
  expect(reply.json.error_description).not.toMatch(/[{}]|unknown/);
}

/** The three kinds of refusal that most are. */
export const INVALID_CLIENT: Pick<Refusal, 'status' | 'error'> = { status: 401, error: 'invalid_client' };
export const INVALID_REQUEST: Pick<Refusal, 'status' | 'error'> = { status: 400, error: 'invalid_request' };
export const INVALID_SCOPE: Pick<Refusal, 'status' | 'error'> = { status: 400, error: 'invalid_scope' };
