/** When there is nobody left to answer. */
import type { ServerResponse } from 'node:http';

/** Aborts when the response is over: sent, the client gone, or the mock closed. Whoever waits to answer waits with it. */
export function departureOf(response: ServerResponse): AbortSignal {
  const departure = new AbortController();
  if (response.destroyed) departure.abort();
  else response.once('close', () => departure.abort());
  return departure.signal;
}
