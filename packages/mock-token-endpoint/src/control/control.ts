/** The control interface: what the handle does, over HTTP. Its requests are neither scripted nor in the journal. */
import { MockError } from '../errors.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import { notFound, refuse } from './answer.ts';
import { ANSWER_ROUTES } from './answers.ts';
import { parseBody, refuseBody } from './body.ts';
import { refuseCaller } from './caller.ts';
import { CLOCK_ROUTES } from './clock.ts';
import { IDENTITY_ROUTES } from './identities.ts';
import { JOURNAL_ROUTES } from './journal.ts';
import { QUEUE_ROUTES } from './queue.ts';
import { type ControlCall, type ControlRoute, matchRoute, readQuery } from './route.ts';
import { RULE_ROUTES } from './rules.ts';
import { describeMock, RESET_ROUTE } from './state.ts';

/** Where it is on the local listener. */
export const CONTROL_PATH: string = '/__control/';

/** Answers a request below `CONTROL_PATH`. Who asks comes first: nobody else is told what there is. */
export async function answerControlRequest(request: MockRequest, parts: CallParts): Promise<Answer> {
  return refuseCaller(request, parts.steering.controlToken) ?? (await answerCaller(request, parts));
}

async function answerCaller(request: MockRequest, parts: CallParts): Promise<Answer> {
  const path = request.path.slice(CONTROL_PATH.length);
  const here = ROUTES.flatMap((route) => {
    const parameter = matchRoute(route, path);
    return parameter === undefined ? [] : [{ route, parameter }];
  });
  const found = here.find(({ route }) => route.method === request.method);
  if (here.length === 0) return notFound(`There is nothing at ${CONTROL_PATH}${path}: GET ${CONTROL_PATH} lists what there is`);
  if (!found) {
    const allow = here.map(({ route }) => route.method).join(', ');
    return refuse({ status: 405, code: 'method_not_allowed', message: `Use ${allow} here`, headers: { allow } });
  }
  const { route, parameter } = found;
  const refusal = route.takesBody || request.body !== '' ? refuseBody(request) : undefined;
  if (refusal) return refusal;
  try {
    const query = readQuery(route, request.query);
    const body = route.takesBody ? parseBody(request.body) : undefined;
    return await route.answer({ ...parts, parameter, query, body });
  } catch (error) {
    if (!(error instanceof MockError)) throw error;
    return refuse({ status: 400, code: error.code, message: error.message });
  }
}

type CallParts = Pick<ControlCall, 'services' | 'steering' | 'departure'>;

const STATE_ROUTE: ControlRoute = {
  method: 'GET',
  path: '',
  purpose: 'Where everything is, and what state it is in.',
  answer: (call) =>
    describeMock(
      call,
      ROUTES.map(({ method, path, purpose }) => ({ method, path: `${CONTROL_PATH}${path}`, purpose })),
    ),
};

const ROUTES: readonly ControlRoute[] = [
  STATE_ROUTE,
  ...JOURNAL_ROUTES,
  ...RULE_ROUTES,
  ...QUEUE_ROUTES,
  ...CLOCK_ROUTES,
  RESET_ROUTE,
  ...ANSWER_ROUTES,
  ...IDENTITY_ROUTES,
];
