/** When there is nobody left to answer. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Says of each response when it is over: the signal aborts when it is sent, the client gone, or the mock closed. Whoever waits to answer waits
 * with it. A connection with more than 100 unanswered requests is ended.
 */
export function createDepartures(): (response: ServerResponse) => AbortSignal {
  const unanswered = new WeakMap<Socket, Set<AbortController>>();
  const unansweredOn = (socket: Socket) => {
    const known = unanswered.get(socket);
    if (known) return known;
    const departures = new Set<AbortController>();
    unanswered.set(socket, departures);
    // A response behind another one of its connection is told nothing when that closes: it has no socket before its turn.
    socket.once('close', () => {
      for (const departure of departures) departure.abort();
    });
    return departures;
  };
  return (response) => {
    const { socket } = response.req;
    const departure = new AbortController();
    const departures = unansweredOn(socket).add(departure);
    response.once('close', () => {
      departures.delete(departure);
      departure.abort();
    });
    if (departures.size > MOST_UNANSWERED) socket.destroy();
    if (socket.destroyed) departure.abort();
    return departure.signal;
  };
}

const MOST_UNANSWERED = 100;
