/** The way of every request: read, judged, scripted, journaled, answered. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerControlRequest, CONTROL_PATH } from '../control/control.ts';
import { applyAnswer } from '../faults/answer.ts';
import { answerInspectorRequest, INSPECTOR_PATH } from '../inspector-assets.ts';
import { route } from '../routes.ts';
import type { Services } from '../services.ts';
import type { Steering } from '../steering.ts';
import { deliver } from './delivery.ts';
import { receive } from './exchange.ts';
import type { Answer, MockRequest } from './http.ts';
import type { Listener } from './listener.ts';

interface ServerParts {
  readonly listener: Pick<Listener, 'name' | 'scheme' | 'origins'>;
  readonly services: Services;
  readonly steering: Steering;
}

/** Handles each request on its own; a fault of the mock itself is answered with 500 and touches no other request. */
export function createHandler(parts: ServerParts): RequestListener {
  return (message, response) => {
    handle(message, { response, parts }).catch((error: unknown) => fail(response, { error, nowMs: parts.services.clock.now() }));
  };
}

async function handle(message: IncomingMessage, { response, parts }: { response: ServerResponse; parts: ServerParts }): Promise<void> {
  const { listener, services, steering } = parts;
  const { request, refusal } = await receive(message, listener);
  const startedAt = performance.now();
  const own = refusal ? undefined : await answerOwnRequest(request, steering);
  if (own) {
    await deliver(response, own, { nowMs: services.clock.now() });
    return;
  }
  const outcome = refusal ?? (await route(request, services));
  const scripted = refusal ? undefined : steering.script.take(request, outcome);
  const answer = scripted ? await applyAnswer(scripted, { request, outcome, services }) : outcome.answer;
  // Before the answer leaves, so that whoever has an answer finds its entry.
  const durationMs = performance.now() - startedAt;
  steering.journal.add({ request, outcome, answer, scripted, atMs: services.clock.now(), durationMs });
  if (scripted && 'delayMs' in scripted) await pause(scripted.delayMs ?? 0, response);
  await deliver(response, answer, { nowMs: services.clock.now() });
}

/** Control and inspector are neither scripted nor journaled: they must answer whatever a test has done to the rest. */
async function answerOwnRequest(request: MockRequest, steering: Steering): Promise<Answer | undefined> {
  if (request.listener !== 'local') return undefined;
  if (request.path.startsWith(CONTROL_PATH)) return answerControlRequest(request, steering);
  return request.path.startsWith(INSPECTOR_PATH) ? answerInspectorRequest(request) : undefined;
}

/** Waits, unless the client leaves or the listener closes first. */
async function pause(delayMs: number, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  await sleep(delayMs, undefined, { signal: gone.signal });
}

function fail(response: ServerResponse, { error, nowMs }: { error: unknown; nowMs: number }): void {
  // The client is gone, and that is why reading, waiting or writing failed.
  if (response.destroyed) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = `The mock failed, which is a fault of its own: ${error}\n`;
  void deliver(response, { status: 500, headers: { connection: 'close' }, body }, { nowMs });
}
