/** How long to pause before another try when the server named no time: exponential, with full jitter. */

/**
 * Milliseconds, drawn evenly from 0 up to 1 s after the first attempt, 2 s after the second, 4 s after the third, and so on, up
 * to 30 s. Drawn from the whole range, since pauses of one length would bring all clients of a broken server back at once.
 *
 * @param options.attempts  attempts made so far, from 1
 * @param options.random  from 0 to below 1
 * @see Exponential Backoff And Jitter https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(options: { attempts: number; random: number }): number {
  return options.random * Math.min(FIRST_PAUSE_MS * 2 ** (options.attempts - 1), LONGEST_PAUSE_MS);
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
