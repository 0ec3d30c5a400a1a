/** The mock's clock: `/__control/clock`. */
import { fitting, objectOf } from '../option-shapes.ts';
import type { Answer } from '../server/http.ts';
import { json } from './answer.ts';
import type { ControlCall, ControlRoute } from './route.ts';

export const CLOCK_ROUTES: readonly ControlRoute[] = [
  { method: 'GET', path: 'clock', purpose: "The mock's time, and how far it is ahead.", answer: readClock },
  {
    method: 'POST',
    path: 'clock',
    purpose: 'Sets the clock ahead by advanceMs.',
    takesBody: true,
    answer: (call) => {
      ADVANCE(call.body, 'body');
      call.steering.clock.advance((call.body as { advanceMs: number }).advanceMs);
      return readClock(call);
    },
  },
  {
    method: 'DELETE',
    path: 'clock',
    purpose: 'Back to the time the mock was given.',
    answer: (call) => {
      call.steering.clock.reset();
      return readClock(call);
    },
  },
];

function readClock({ steering: { clock } }: ControlCall): Answer {
  return json(200, { nowMs: clock.now(), aheadMs: clock.aheadMs() });
}

const ADVANCE = objectOf({ advanceMs: fitting(Number.isFinite, 'milliseconds, 0 or more') }, { required: ['advanceMs'] });
