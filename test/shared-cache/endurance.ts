/** How much these tests do: a little whenever all tests run, more with ENDURANCE=ci, and very much with ENDURANCE=long. */

export function byEndurance<T>({ short, ci, long }: { readonly short: T; readonly ci: T; readonly long: T }): T {
  const { ENDURANCE = '' } = process.env as { readonly ENDURANCE?: string };
  if (ENDURANCE === '') return short;
  if (ENDURANCE === 'ci') return ci;
  if (ENDURANCE === 'long') return long;
  throw new Error(`ENDURANCE is ${ENDURANCE}, expected ci, long or nothing`);
}

/** A figure that the run shows and no test depends on. */
export function print(figure: string): void {
  process.stdout.write(`  ${figure}\n`);
}

/** How long something that must happen is waited for. */
export const PATIENCE = { timeout: 20_000, interval: 20 } as const;
