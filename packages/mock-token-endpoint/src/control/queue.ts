/** Answers that wait for token requests: `/__control/queue`. */
import { objectOf } from '../option-shapes.ts';
import { done, json } from './answer.ts';
import type { ControlRoute } from './route.ts';

export const QUEUE_ROUTES: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: 'queue',
    purpose: 'The answers that wait, in their order.',
    answer: ({ steering }) => json(200, { queue: steering.script.queue() }),
  },
  {
    method: 'POST',
    path: 'queue',
    purpose: 'Queues { answer, match?: { tenant?, clientId? } } for the next token request that matches.',
    takesBody: true,
    answer: ({ steering, body }) => {
      QUEUED(body, 'body');
      const { answer, match } = body as { answer: unknown; match?: unknown };
      steering.script.enqueue(answer, match);
      return json(201, {});
    },
  },
  {
    method: 'DELETE',
    path: 'queue',
    purpose: 'Drops the answers that wait; with a tenant those that match on it.',
    query: ['tenant'],
    answer: ({ steering, query }) => {
      steering.script.clearQueue(query['tenant']);
      return done();
    },
  },
];

// Both are looked at when they are copied.
const any = () => undefined;
const QUEUED = objectOf({ answer: any, match: any }, { required: ['answer'] });
