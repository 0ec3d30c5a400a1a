/** Nonces for DPoP proofs: a server that demands them remembers none. RFC 9449 §8, §8.2 and §9. */
import { createHmac } from 'node:crypto';
import type { Outcome } from '../outcome.ts';
import type { Services } from '../services.ts';

/** Whether `nonce` is one that this mock gave out within the last five minutes. */
export function isCurrentNonce(nonce: unknown, { rfc, clock }: Pick<Services, 'rfc' | 'clock'>): boolean {
  const period = periodAt(clock.now());
  return [period, period - 1].some((each) => nonce === nonceOf(each, rfc.nonceSecret));
}

/** The outcome with a nonce for the next proof, if this mock demands them: in every answer, so that a client need not be refused first. */
export function withNonce(outcome: Outcome, { rfc, clock }: Pick<Services, 'rfc' | 'clock'>): Outcome {
  if (!rfc.demandsNonce) return outcome;
  const headers = { ...outcome.answer.headers, 'dpop-nonce': nonceOf(periodAt(clock.now()), rfc.nonceSecret) };
  return { ...outcome, answer: { ...outcome.answer, headers } };
}

/** One nonce for each period; the one before is still taken, so that none is refused as soon as it was given. */
function nonceOf(period: number, secret: string): string {
  return createHmac('sha256', secret).update(`${period}`).digest('base64url');
}

function periodAt(nowMs: number): number {
  return Math.floor(nowMs / PERIOD_MS);
}

const PERIOD_MS = 150_000;
