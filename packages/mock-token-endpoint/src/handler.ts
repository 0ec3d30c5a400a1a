/** The way of every request: read, judged, scripted, journaled, answered. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { answerControlRequest, CONTROL_PATH } from './control/control.ts';
import { createPerform } from './exchange.ts';
import { answerInspectorRequest, INSPECTOR_PATH } from './inspector-assets.ts';
import { route } from './routes.ts';
import { deliver } from './server/delivery.ts';
import { createDepartures } from './server/departure.ts';
import { type Received, receive } from './server/exchange.ts';
import type { Answer } from './server/http.ts';
import type { Listener } from './server/listener.ts';
import type { Services } from './services.ts';
import type { Steering } from './steering.ts';

interface ServerParts {
  readonly listener: Pick<Listener, 'name' | 'scheme' | 'origins' | 'reset'>;
  readonly services: Services;
  readonly steering: Steering;
}

/** Handles each request on its own; a fault of the mock itself is answered with 500 and touches no other request. */
export function createHandler(parts: ServerParts): RequestListener {
  const departureOf = createDepartures();
  return (message, response) => {
    const reply = { response, departure: departureOf(response), parts };
    if (!reply.departure.aborted) handle(message, reply).catch((error: unknown) => fail(error, reply));
  };
}

interface Reply {
  readonly response: ServerResponse;
  /** Aborts when there is nobody left to answer. */
  readonly departure: AbortSignal;
  readonly parts: ServerParts;
}

async function handle(message: IncomingMessage, reply: Reply): Promise<void> {
  const received = await receive(message, reply.parts.listener);
  await send((await answerOwnRequest(received, reply)) ?? (await answerExchange(received, reply.parts)), reply);
}

/** Control and inspector are neither scripted nor journaled: they must answer whatever a test has done to the rest. */
async function answerOwnRequest({ request, refusal }: Received, { departure, parts }: Reply): Promise<Answer | undefined> {
  if (request.listener !== 'local' || refusal) return undefined;
  if (request.path.startsWith(CONTROL_PATH)) return answerControlRequest(request, { ...parts, departure });
  return request.path.startsWith(INSPECTOR_PATH) ? answerInspectorRequest(request) : undefined;
}

function answerExchange({ request, refusal }: Received, { services, steering }: ServerParts): Promise<Answer> {
  const perform = createPerform({ services, steering, isRefused: refusal !== undefined });
  return perform(request, () => refusal ?? route(request, { services, perform }));
}

function send(answer: Answer, { response, departure, parts: { listener, services } }: Reply): Promise<void> {
  return deliver(response, answer, { departure, clock: services.clock, reset: listener.reset });
}

function fail(error: unknown, reply: Reply): void {
  const body = `The mock failed, which is a fault of its own: ${error}\n`;
  // Nor can this be sent when the client is gone, which is why most things fail, or after the head of another answer: then the connection ends.
  send({ status: 500, headers: { connection: 'close' }, body }, reply).catch(() => reply.response.destroy());
}
