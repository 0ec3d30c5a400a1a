/** The state of the mock as a whole: `GET /__control/`, and back to the start: `POST /__control/reset`. */
import { API_PATH, API_RESOURCE } from '../api-resource.ts';
import type { Answer } from '../server/http.ts';
import { done, json } from './answer.ts';
import type { ControlCall, ControlRoute } from './route.ts';

/** Where everything is, how much has been scripted and recorded, and `endpoints`. */
export function describeMock({ services, steering }: ControlCall, endpoints: readonly object[]): Answer {
  const { authorityHost, issuer, mtlsOrigin, platformUrl } = services;
  const { clock, journal, script, identity } = steering;
  return json(200, {
    authorityHost,
    issuer,
    mtlsOrigin,
    platformUrl,
    apiBaseUrl: `${authorityHost}${API_PATH}`,
    ...identity,
    scope: `${API_RESOURCE}/.default`,
    clock: { nowMs: clock.now(), aheadMs: clock.aheadMs() },
    journal: { entries: journal.entries().length, lastId: journal.lastId() },
    rules: script.rules().length,
    queue: script.queue().length,
    endpoints,
  });
}

export const RESET_ROUTE: ControlRoute = {
  method: 'POST',
  path: 'reset',
  purpose: "Back to the start; with a tenant only what is that tenant's.",
  query: ['tenant'],
  answer: ({ steering, query }) => {
    steering.reset(query['tenant']);
    return done();
  },
};
