/** What can go wrong between a daemon and its token endpoint, and what a call is to come to all the same. */
import type { MockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { expect, vi } from 'vitest';
import type { Client } from './clients.ts';

/** One client in its own tenant of the mock. */
interface Scene {
  readonly mock: MockTokenEndpoint;
  readonly tenant: string;
  readonly client: Client;
  /** How often the client was asked for an assertion. */
  readonly assertions: () => number;
}

export interface Situation {
  readonly name: string;
  /** Whether the client authenticates by assertions that its caller makes. */
  readonly byAssertion?: boolean;
  /** Whether it keeps the machine busy. */
  readonly isCrowded?: boolean;
  /** Brings the situation about, and says what the call came to. */
  readonly play: (scene: Scene) => Promise<string>;
  /** What ours comes to. */
  readonly expected: string;
}

type Answer = Parameters<MockTokenEndpoint['addRule']>[0]['answer'];

/** The next answers for the scene's tenant; the last one stays. */
function answers({ mock, tenant }: Scene, ...script: readonly (readonly [answer: Answer, times?: number])[]): void {
  for (const [answer, times] of script)
    mock.addRule({ match: { tenant, path: TOKEN_ENDPOINT }, answer, ...(times !== undefined && { times }) });
}

/** A token that its server would have renewed by now, though it is valid for an hour. */
async function dueToken(scene: Scene): Promise<string> {
  answers(scene, [{ token: { refresh_in: 1 } }, 1]);
  const token = await scene.client.getToken();
  await pause(1_500);
  return token;
}

function requestsIn({ mock, tenant }: Scene): number {
  return mock.journal.filter(({ path }) => path.includes(tenant) && TOKEN_ENDPOINT.test(path)).length;
}

/** What a call comes to; one that has not ended after a while is still waiting. */
async function outcome({ client }: Scene, { before, signal }: { before?: string; signal?: AbortSignal } = {}): Promise<string> {
  const late = pause(WAITED_MS).then(() => 'still waits');
  const call = client.getToken(signal && { signal }).then(
    (token) => (token === before ? 'the valid token' : 'a new token'),
    ({ code, errorCode, name }: { code?: unknown; errorCode?: string; name: string }) =>
      // That of a DOMException is a number that says nothing.
      `fails: ${typeof code === 'string' ? code : errorCode || name}`,
  );
  return Promise.race([call, late]);
}

async function withRequests(scene: Scene, play: () => Promise<string>): Promise<string> {
  const before = requestsIn(scene);
  const said = await play();
  const count = requestsIn(scene) - before;
  return `${said} (${count} request${count === 1 ? '' : 's'})`;
}

async function twice(scene: Scene, before: string): Promise<string> {
  const first = await outcome(scene, { before });
  const second = await outcome(scene, { before });
  return first === second ? `${first}, twice` : `${first}, then ${second}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

const FAILING: Answer = { status: 503, body: '{"error":"temporarily_unavailable"}', headers: { 'content-type': 'application/json' } };
const THROTTLED: Answer = { ...FAILING, status: 429, headers: { 'content-type': 'application/json', 'retry-after': '1' } };
const TOKEN_ENDPOINT = /\/token(\?|$)/;
const WAITED_MS = 4_000;

export const SITUATIONS: readonly Situation[] = [
  {
    name: 'one 503, then healthy',
    play: (scene) => {
      answers(scene, [FAILING, 1]);
      return withRequests(scene, () => outcome(scene));
    },
    expected: 'a new token (2 requests)',
  },
  {
    name: 'always 503',
    play: (scene) => {
      answers(scene, [FAILING]);
      return withRequests(scene, () => outcome(scene));
    },
    expected: 'fails: oauth_error (3 requests)',
  },
  {
    name: 'always 503, healthy when asked again',
    play: async (scene) => {
      answers(scene, [FAILING, 3]);
      await outcome(scene);
      return withRequests(scene, () => outcome(scene));
    },
    expected: 'a new token (1 request)',
  },
  {
    name: '429 with Retry-After: 1, then healthy',
    play: (scene) => {
      answers(scene, [THROTTLED, 1]);
      return withRequests(scene, () => outcome(scene));
    },
    expected: 'a new token (2 requests)',
  },
  {
    name: '502 with an HTML page, then healthy',
    play: (scene) => {
      answers(scene, [{ fault: 'html-502' }, 1]);
      return withRequests(scene, () => outcome(scene));
    },
    expected: 'a new token (2 requests)',
  },
  {
    name: 'connection reset, then healthy',
    play: (scene) => {
      answers(scene, [{ fault: 'reset-before-headers' }, 1]);
      return withRequests(scene, () => outcome(scene));
    },
    expected: 'a new token (2 requests)',
  },
  {
    name: 'refresh due, server slow by a minute',
    play: async (scene) => {
      const before = await dueToken(scene);
      answers(scene, [{ delayMs: 60_000 }]);
      return twice(scene, before);
    },
    expected: 'the valid token, twice',
  },
  {
    name: 'refresh due, server answers 503',
    play: async (scene) => {
      const before = await dueToken(scene);
      answers(scene, [FAILING]);
      return twice(scene, before);
    },
    expected: 'the valid token, twice',
  },
  {
    name: 'refresh due, server throttles',
    play: async (scene) => {
      const before = await dueToken(scene);
      answers(scene, [THROTTLED]);
      return twice(scene, before);
    },
    expected: 'the valid token, twice',
  },
  {
    name: 'refresh due, network down',
    play: async (scene) => {
      const before = await dueToken(scene);
      answers(scene, [{ fault: 'reset-before-headers' }]);
      return twice(scene, before);
    },
    expected: 'the valid token, twice',
  },
  {
    name: 'the endpoint accepts and never answers, its caller gives up',
    play: async (scene) => {
      answers(scene, [{ fault: 'no-answer' }]);
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException('the caller gave up', 'AbortError')), 200);
      const { takesSignal } = scene.client;
      return takesSignal ? outcome(scene, { signal: controller.signal }) : `${await outcome(scene)}, takes no signal`;
    },
    expected: 'fails: AbortError',
  },
  {
    name: 'one assertion made, then 100 calls served from memory',
    byAssertion: true,
    play: async (scene) => {
      for (let call = 0; call < 101; call += 1) await scene.client.getToken();
      return `assertions asked for: ${scene.assertions()}`;
    },
    expected: 'assertions asked for: 1',
  },
  {
    name: '1,000 calls at once, nothing kept',
    isCrowded: true,
    play: (scene) =>
      withRequests(scene, async () => {
        const tokens = await Promise.all(Array.from({ length: 1_000 }, () => scene.client.getToken()));
        return `${new Set(tokens).size} different tokens`;
      }),
    expected: '1 different tokens (1 request)',
  },
  {
    name: '1,000 calls at once, refresh due',
    isCrowded: true,
    play: async (scene) => {
      const before = await dueToken(scene);
      return withRequests(scene, async () => {
        const tokens = await Promise.all(Array.from({ length: 1_000 }, () => scene.client.getToken()));
        await vi.waitFor(() => expect(requestsIn(scene)).toBeGreaterThan(1), { timeout: 10_000 });
        return tokens.every((token) => token === before) ? 'all the valid token' : 'some waited for a new token';
      });
    },
    expected: 'all the valid token (1 request)',
  },
];
