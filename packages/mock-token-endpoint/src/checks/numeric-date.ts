/** Times in a JWT. RFC 7519 §2, NumericDate. */

/** A NumericDate in epoch milliseconds, or `undefined` when it is none. Fractions are legal. */
export function numericDateToMs(numericDate: unknown): number | undefined {
  return typeof numericDate === 'number' ? numericDate * 1000 : undefined;
}

/** The same, for Entra: MSAL.NET writes the number as a string. */
export function toMs(numericDate: unknown): number | undefined {
  return numericDateToMs(typeof numericDate === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(numericDate) ? Number(numericDate) : numericDate);
}

/** The clock difference that is tolerated between a client and this server. Entra's is undocumented; five minutes is what the field reports. */
export const CLOCK_SKEW_MS: number = 300_000;
