/** The outbound edge to `node:http`: writes an answer, whole and at once or in one of the ways connections fail. */
import type { ServerResponse } from 'node:http';
import type { Answer } from './http.ts';

/** Writes `answer` as its `delivery` says; its `Date` is the mock's unless it brings one. */
export async function deliver(response: ServerResponse, answer: Answer, { nowMs }: { nowMs: number }): Promise<void> {
  sendWhole(response, answer, { nowMs });
}

/** Writes the whole answer; its `Date` is the mock's unless the answer brings one. */
function sendWhole(response: ServerResponse, answer: Answer, { nowMs }: { nowMs: number }): void {
  const { body = '' } = answer;
  const asIs = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = asIs ? Buffer.from(body as string) : Buffer.from(JSON.stringify(body));
  response.sendDate = false;
  response.writeHead(answer.status, {
    date: new Date(nowMs).toUTCString(),
    ...(asIs ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    'content-length': bytes.length,
    ...answer.headers,
  });
  response.end(bytes);
}
