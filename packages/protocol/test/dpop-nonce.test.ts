import { expect, test } from 'vitest';
import { readDpopNonce, readDpopNonceDemand } from '../src/dpop/nonce.ts';

test('DP-06: a nonce is read from any answer, whatever the shape of its headers', () => {
  expect(readDpopNonce({ 'DPoP-Nonce': 'n.1-a' })).toBe('n.1-a');
  expect(readDpopNonce(new Headers({ 'dpop-nonce': 'n' }))).toBe('n');
  expect(readDpopNonce({ 'dpop-nonce': ['n'] })).toBe('n');
  expect(readDpopNonce({})).toBeUndefined();
});

test('DP-06: a nonce is one text of printable ASCII, of at most 2048 characters, without space, quote or backslash', () => {
  for (let code = 0; code < 256; code += 1) {
    const allowed = code > 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c;
    const nonce = `a${String.fromCharCode(code)}b`;
    expect(readDpopNonce({ 'dpop-nonce': nonce })).toBe(allowed ? nonce : undefined);
  }
  expect(readDpopNonce({ 'dpop-nonce': 'x'.repeat(2048) })).toHaveLength(2048);
  expect(readDpopNonce({ 'dpop-nonce': 'x'.repeat(2049) })).toBeUndefined();
  const two = new Headers({ 'dpop-nonce': 'a' });
  two.append('dpop-nonce', 'b');
  expect(readDpopNonce(two)).toBeUndefined();
});

test('DP-07: a refusal that asks for a nonce says which, and no other answer does', () => {
  const demand = (status: number, error: string, headers: Record<string, string> = { 'dpop-nonce': 'n' }) =>
    readDpopNonceDemand({ status, headers, body: JSON.stringify({ error }) });
  expect(demand(400, 'use_dpop_nonce')).toBe('n');
  expect(demand(401, 'use_dpop_nonce')).toBe('n');
  expect(demand(200, 'use_dpop_nonce')).toBeUndefined();
  expect(demand(500, 'use_dpop_nonce')).toBeUndefined();
  expect(demand(400, 'invalid_dpop_proof')).toBeUndefined();
  expect(demand(400, 'use_dpop_nonce', {})).toBeUndefined();
  expect(readDpopNonceDemand({ status: 400, headers: { 'dpop-nonce': 'n' }, body: 'use_dpop_nonce' })).toBeUndefined();
});
