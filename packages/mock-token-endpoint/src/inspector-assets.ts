/** The files of the inspector, a web page that shows what the mock receives and answers. They hold nothing secret: what they show comes from the control interface. */
import type { Answer, MockRequest } from './server/http.ts';

/** Where the page is on the local listener. */
export const INSPECTOR_PATH: string = '/__inspector/';

/** Answers a request below `INSPECTOR_PATH`. */
export async function answerInspectorRequest(_request: MockRequest): Promise<Answer> {
  return { status: 404, headers: {} };
}
