/** The control interface: what the handle does, over HTTP. Its requests are neither scripted nor in the journal. */
import type { Answer, MockRequest } from '../server/http.ts';
import type { Steering } from '../steering.ts';

/** Where it is on the local listener. */
export const CONTROL_PATH: string = '/__control/';

/** Answers a request below `CONTROL_PATH`. */
export async function answerControlRequest(_request: MockRequest, _steering: Steering): Promise<Answer> {
  return { status: 404, headers: {} };
}
