/** Times in a JWT. RFC 7519 §2, NumericDate. */

/** A NumericDate in epoch milliseconds, or `undefined` when it is none. MSAL.NET writes it as a string, and fractions are legal. */
export function toMs(numericDate: unknown): number | undefined {
  const seconds = typeof numericDate === 'string' && /^[0-9]+$/.test(numericDate) ? Number(numericDate) : numericDate;
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}

/** The clock difference that is tolerated between a client and this server. Entra's is undocumented; five minutes is what the field reports. */
export const CLOCK_SKEW_MS: number = 300_000;
