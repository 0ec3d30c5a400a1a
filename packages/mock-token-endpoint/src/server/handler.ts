/** The way of every request: read, judged, scripted, journaled, answered. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyAnswer } from '../faults/answer.ts';
import type { Script } from '../faults/rules.ts';
import type { Journal } from '../journal.ts';
import { route } from '../routes.ts';
import type { Services } from '../services.ts';
import { receive, send } from './exchange.ts';
import type { Listener } from './listener.ts';

interface ServerParts {
  readonly listener: Pick<Listener, 'scheme' | 'origins'>;
  readonly services: Services;
  readonly script: Script;
  readonly journal: Journal;
}

/** Handles each request on its own; a fault of the mock itself is answered with 500 and touches no other request. */
export function createHandler(parts: ServerParts): RequestListener {
  return (message, response) => {
    handle(message, { response, parts }).catch((error: unknown) => fail(response, { error, nowMs: parts.services.clock.now() }));
  };
}

async function handle(message: IncomingMessage, { response, parts }: { response: ServerResponse; parts: ServerParts }): Promise<void> {
  const { listener, services, script, journal } = parts;
  const { request, refusal } = await receive(message, listener);
  const outcome = refusal ?? (await route(request, services));
  const scripted = refusal ? undefined : script.take(request, outcome);
  const answer = scripted ? await applyAnswer(scripted, { request, outcome, services }) : outcome.answer;
  // Before the answer leaves, so that whoever has an answer finds its entry.
  journal.add({ request, outcome, answer, atMs: services.clock.now() });
  if (scripted && 'delayMs' in scripted) await pause(scripted.delayMs ?? 0, response);
  send(response, answer, { nowMs: services.clock.now() });
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
  send(response, { status: 500, headers: { connection: 'close' }, body }, { nowMs });
}
