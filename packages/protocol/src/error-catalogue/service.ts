/** AADSTS errors of the service itself: too many requests, and failures that mostly pass. */
import type { CatalogueRow } from './error-explanation.ts';

const WAIT =
  "Try again later, each time after a longer pause, or after the answer's Retry-After. If it stays, look at the service's status.";

export const SERVICE_ERRORS: readonly CatalogueRow[] = [
  [
    [50196],
    'permanent',
    'developer',
    'The client sent the same request too often in a short time, as a loop does; for some minutes it is refused, and then again if the loop goes on.',
    'Keep tokens until they expire, share them between the parts of the program, and do not repeat a refused request.',
  ],
  [
    [90055],
    'passing',
    'nobody',
    'The tenant sends too many requests.',
    "Wait as long as Retry-After says before the next request. If it happens again, keep tokens and look for the tenant's other clients.",
  ],
  [[90024], 'passing', 'nobody', 'The service could not finish the request in its time.', WAIT],
  [[50033], 'passing', 'nobody', 'The service had a passing failure.', WAIT],
  [[90006], 'passing', 'nobody', 'A service behind Entra had a passing failure.', WAIT],
  [[90012], 'passing', 'nobody', 'The request timed out inside the service.', WAIT],
  [[90033], 'passing', 'nobody', 'The directory service cannot be reached.', WAIT],
  [[50000], 'passing', 'nobody', 'The service failed to issue the token.', WAIT],
  [[90090], 'passing', 'nobody', 'The directory had a passing failure.', WAIT],
  [
    [90036, 90092],
    'permanent',
    'administrator',
    'The directory failed in a way that does not pass by repeating.',
    'Open a support request with Microsoft and give it the trace id, the correlation id and the time of the answer.',
  ],
  [
    [100007],
    'permanent',
    'developer',
    "The regional endpoint serves only managed identities, and applications of Microsoft's own tenants that authenticate by subject name and issuer.",
    'Configure no region.',
  ],
];
