/** How often and when a platform is asked again. Azure: Use managed identities on a virtual machine; the numbers are those of MSAL.NET. */

/**
 * The pauses before each further request after one that ended with this status, milliseconds; none if it would end so again.
 *
 * @param status  `undefined`: without an answer, for a reason that may pass
 */
export type RetryRhythm = (status: number | undefined) => readonly number[];

/**
 * Of the instance metadata service. 410 says that it is being renewed, and it is back within 70 seconds; 404 comes meanwhile too.
 *
 * @see Use managed identities on a virtual machine, error handling
 *   https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling
 */
export const imdsRhythm: RetryRhythm = (status) => {
  if (status === 410) return [10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000];
  return isPassing(status) ? [1000, 2000, 4000] : [];
};

/** For a renewal of 70 seconds, and the request after it. */
export const IMDS_DEADLINE_MS = 90_000;

/** Of the platforms that have a service of their own. */
export const usualRhythm: RetryRhythm = (status) => (isPassing(status) ? [1000, 1000, 1000] : []);

function isPassing(status: number | undefined): boolean {
  return status === undefined || status === 404 || status === 408 || status === 429 || status >= 500;
}
