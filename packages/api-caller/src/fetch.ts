/** The standard's signature, for libraries that take a `fetch`: behind it is the engine. https://fetch.spec.whatwg.org/ */
import { pipeline, Readable, Transform } from 'node:stream';
import { hasBody, tooLarge } from './body.ts';
import { buildCall, type Call, type CallOptions, labelOf } from './call.ts';
import { DECODABLE, decoderOf } from './content-encoding.ts';
import { ApiCallerError } from './errors.ts';
import { fieldOf } from './headers.ts';
import { unreadableAnswer } from './response-error.ts';
import type { Exchange, Sender } from './send.ts';
import type { Settings } from './settings.ts';

/**
 * A `fetch` that sends the token. It takes full URLs of declared origins, and paths as the other methods do; it resolves with the
 * final answer whatever its status, decoded, and its body ends with an error beyond `maxResponseBytes`.
 *
 * Of the standard's options it heeds `method`, `headers`, `body`, `signal` and `redirect`; cache, cookies, CORS and integrity are a
 * browser's affair. It rejects with this package's errors in place of `TypeError`.
 */
export function createFetch(sender: Sender, settings: Settings): typeof fetch {
  return async (input, init) => {
    const request = await readRequest(input, init);
    const call = asAsked(buildCall(settings, { ...request, accept: ACCEPT_DECODABLE }), request);
    return sender.send(call, async (exchange) => {
      await requireFollowed(exchange, request.redirect);
      return createResponse(exchange, { settings, first: call });
    });
  };
}

interface AskedRequest {
  readonly path: string;
  readonly options: CallOptions;
  /** Whether its body can be read once only. */
  readonly isSingleUse: boolean;
  readonly redirect: Redirect;
}

type Redirect = NonNullable<RequestInit['redirect']>;

async function readRequest(input: string | URL | Request, init: RequestInit = {}): Promise<AskedRequest> {
  const request = input instanceof Request ? input : undefined;
  const given = init.body === undefined ? request?.body : init.body;
  const { body, contentType, isSingleUse } = await readBodyInit(given);
  const headers = plainHeaders(init.headers ?? request?.headers);
  if (contentType !== undefined) headers['content-type'] ??= contentType;
  return {
    // A fragment is for who shows the document.
    path: (request?.url ?? String(input)).replace(/#.*$/s, ''),
    options: {
      method: init.method ?? request?.method,
      headers,
      body,
      signal: (init.signal === undefined ? request?.signal : init.signal) ?? undefined,
    },
    isSingleUse,
    redirect: init.redirect ?? request?.redirect ?? 'follow',
  };
}

function asAsked(call: Call, { isSingleUse, redirect }: AskedRequest): Call {
  return {
    ...call,
    ...(isSingleUse && { isReplayable: false }),
    ...(redirect !== 'follow' && { redirects: 'none' as const }),
  };
}

/** The standard drops the fields that are the sender's own without a word, and so do libraries that set them rely on it. */
function plainHeaders(headers: RequestInit['headers'] | undefined): Record<string, string> {
  return Object.fromEntries([...new Headers(headers)].filter(([name]) => !FORBIDDEN.has(name)));
}

async function readBodyInit(
  body: RequestInit['body'] | undefined,
): Promise<{ readonly body?: CallOptions['body']; readonly contentType?: string; readonly isSingleUse: boolean }> {
  if (body === null || body === undefined) return { isSingleUse: false };
  if (typeof body === 'string') return { body, contentType: 'text/plain;charset=UTF-8', isSingleUse: false };
  if (body instanceof URLSearchParams || body instanceof Uint8Array) return { body, isSingleUse: false };
  if (body instanceof globalThis.ReadableStream || Symbol.asyncIterator in body) {
    const stream = body as AsyncIterable<Uint8Array>;
    return { body: () => stream, isSingleUse: true };
  }
  // Blobs, forms and buffers are whole, and can be sent again.
  const whole = new Response(body);
  const contentType = whole.headers.get('content-type');
  return { body: new Uint8Array(await whole.arrayBuffer()), ...(contentType !== null && { contentType }), isSingleUse: false };
}

async function requireFollowed({ call, response }: Exchange, redirect: Redirect): Promise<void> {
  const isRedirect = response.statusCode >= 300 && response.statusCode < 400 && fieldOf(response.headers, 'location') !== undefined;
  if (redirect !== 'error' || !isRedirect) return;
  await response.body.dump();
  throw new ApiCallerError('redirect_refused', `${labelOf(call)} was redirected, and the request says \`redirect: 'error'\``);
}

async function createResponse(exchange: Exchange, { settings, first }: { settings: Settings; first: Call }): Promise<Response> {
  const { call, response } = exchange;
  const { statusCode: status, headers } = response;
  const decoder = decoderOf(fieldOf(headers, 'content-encoding'));
  if (decoder === undefined) {
    await response.body.dump();
    throw unreadableAnswer(exchange, settings.now(), `is encoded as ${fieldOf(headers, 'content-encoding')}, which was not asked for`);
  }
  const body = hasBody(call, response)
    ? pipeline(await decoder.decodeStream(response.body), bounded(labelOf(call), settings.maxResponseBytes), () => {})
    : null;
  if (body === null) response.body.dump().catch(() => {});
  else exchange.interruption.openBody = body;
  const answer = new Response(body === null ? null : (Readable.toWeb(body) as ConstructorParameters<typeof Response>[0]), {
    status,
    headers: receivedHeaders(headers),
  });
  Object.defineProperties(answer, {
    url: { value: call.target.url.href },
    redirected: { value: call.target.url.href !== first.target.url.href },
  });
  return answer;
}

function bounded(label: string, maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) done(tooLarge(label, maxBytes));
      else done(null, chunk);
    },
  });
}

/** What was decoded has neither the encoding nor the length that the head speaks of. */
function receivedHeaders(headers: Exchange['response']['headers']): Headers {
  const received = new Headers();
  for (const [name, value] of Object.entries(headers)) for (const line of [value ?? []].flat()) received.append(name, line);
  if (received.has('content-encoding')) {
    received.delete('content-encoding');
    received.delete('content-length');
  }
  return received;
}

const ACCEPT_DECODABLE = { 'accept-encoding': DECODABLE };
// https://fetch.spec.whatwg.org/#forbidden-request-header, without those that carry credentials: these are refused.
const FORBIDDEN: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'te', 'trailer', 'expect'],
  ...['connection', 'keep-alive', 'proxy-connection', 'upgrade'],
]);
