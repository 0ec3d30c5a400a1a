/** The way of every request: read, judged, scripted, journaled, answered. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { answerControlRequest, CONTROL_PATH } from '../control/control.ts';
import { applyAnswer } from '../faults/answer.ts';
import { answerInspectorRequest, INSPECTOR_PATH } from '../inspector-assets.ts';
import { route } from '../routes.ts';
import type { Services } from '../services.ts';
import type { Steering } from '../steering.ts';
import { deliver } from './delivery.ts';
import { departureOf } from './departure.ts';
import { type Received, receive } from './exchange.ts';
import type { Answer } from './http.ts';
import type { Listener } from './listener.ts';

interface ServerParts {
  readonly listener: Pick<Listener, 'name' | 'scheme' | 'origins' | 'reset'>;
  readonly services: Services;
  readonly steering: Steering;
}

/** Handles each request on its own; a fault of the mock itself is answered with 500 and touches no other request. */
export function createHandler(parts: ServerParts): RequestListener {
  return (message, response) => {
    handle(message, { response, parts }).catch((error: unknown) => fail(response, { error, parts }));
  };
}

interface Reply {
  readonly response: ServerResponse;
  readonly parts: ServerParts;
}

async function handle(message: IncomingMessage, reply: Reply): Promise<void> {
  const received = await receive(message, reply.parts.listener);
  await send((await answerOwnRequest(received, reply)) ?? (await answerExchange(received, reply.parts)), reply);
}

/** Control and inspector are neither scripted nor journaled: they must answer whatever a test has done to the rest. */
async function answerOwnRequest({ request, refusal }: Received, { response, parts }: Reply): Promise<Answer | undefined> {
  if (request.listener !== 'local' || refusal) return undefined;
  if (request.path.startsWith(CONTROL_PATH)) return answerControlRequest(request, { ...parts, departure: departureOf(response) });
  return request.path.startsWith(INSPECTOR_PATH) ? answerInspectorRequest(request) : undefined;
}

async function answerExchange({ request, refusal }: Received, { services, steering }: ServerParts): Promise<Answer> {
  const startedAt = performance.now();
  const outcome = refusal ?? (await route(request, services));
  const scripted = refusal ? undefined : steering.script.take(request, outcome);
  const answer = scripted ? await applyAnswer(scripted, { request, outcome, services }) : outcome.answer;
  if (answer.consent) services.directory.consent(answer.consent);
  // Before the answer leaves, so that whoever has an answer finds its entry.
  const durationMs = performance.now() - startedAt;
  steering.journal.add({ request, outcome, answer, scripted, atMs: services.clock.now(), durationMs });
  return answer;
}

function send(answer: Answer, { response, parts: { listener, services } }: Reply): Promise<void> {
  return deliver(response, answer, { clock: services.clock, reset: listener.reset });
}

function fail(response: ServerResponse, { error, parts }: { error: unknown; parts: ServerParts }): void {
  // The client is gone, and that is why reading, waiting or writing failed.
  if (response.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = `The mock failed, which is a fault of its own: ${error}\n`;
  send({ status: 500, headers: { connection: 'close' }, body }, { response, parts }).catch(() => response.destroy());
}
