/**
 * Sockets that never keep the process alive: a refresh in the background must not, and a call that somebody waits for is kept alive
 * by the deadline of its flight.
 */
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** The connector, its sockets unreferenced from their first moment. */
export function unreferenced(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    // undici's connector returns the socket while it still connects; its types do not say so.
    const socket: unknown = connect(options, callback);
    unreference(socket as Socket);
  };
}

/** undici references a socket again for every request, so that is disarmed too. */
export function unreference(socket: Socket): void {
  socket.unref();
  socket.ref = () => socket;
}
