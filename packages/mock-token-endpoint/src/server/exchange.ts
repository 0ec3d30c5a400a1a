/** The inbound edge to `node:http`: reads a request into plain data. */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { UPLOAD_PATH } from '../api-resource.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from './http.ts';
import type { Listener } from './listener.ts';

/** A request as read, and what became of it when it must not be looked at any further. */
export interface Received {
  readonly request: MockRequest;
  readonly refusal?: Outcome;
}

/** Reads the whole request, but for the contents of an upload, and refuses one that repeats what has one value, names another host, is no path, or is too large. */
export async function receive(
  message: IncomingMessage,
  { name, scheme, origins }: Pick<Listener, 'name' | 'scheme' | 'origins'>,
): Promise<Received> {
  const { origin, target } = readTarget(message, scheme);
  const [path = '', ...query] = target.split('?');
  const isUpload = name === 'mtls' && message.method === 'PUT' && path.startsWith(UPLOAD_PATH);
  const body = isUpload ? '' : await readBody(message);
  const request: MockRequest = {
    listener: name,
    method: message.method ?? 'GET',
    target,
    path,
    query: new URLSearchParams(query.join('?')),
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
    origin,
    body: body ?? '',
    ...(isUpload ? { content: piecesOf(message) } : {}),
    clientCertificate: message.socket instanceof TLSSocket ? message.socket.getPeerX509Certificate() : undefined,
  };
  // Node keeps the first and says nothing; where another server keeps the last, the two have not seen the same request.
  const repeated = SINGLE.find((name) => (message.headersDistinct[name] ?? []).length > 1);
  if (repeated !== undefined) {
    return refuse(request, {
      status: 400,
      name: 'no header of one value is repeated',
      section: 'RFC 9110 §5.3',
      text: `Send ${repeated} once.`,
    });
  }
  if (!origins.includes(origin)) {
    // DNS rebinding: a page in a browser reaches a loopback port under a name of its own, and then reads the answers.
    return refuse(request, { status: 421, name: 'the Host is this mock', section: 'RFC 9110 §7.4', text: `Ask for ${origins[0]}.` });
  }
  if (!path.startsWith('/')) {
    return refuse(request, {
      status: 400,
      name: 'the target is a path',
      section: 'RFC 9112 §3.2.1',
      text: 'The request target is no path.',
    });
  }
  if (body === undefined) {
    return refuse(request, {
      status: 413,
      name: 'the body is within 1 MiB',
      section: 'RFC 9110 §15.5.14',
      text: 'The body is over 1 MiB.',
    });
  }
  return { request };
}

/** RFC 9112 §3.2.2: a server takes the absolute form too, and goes by its origin in place of the Host. */
function readTarget({ url = '/', headers }: IncomingMessage, scheme: string): { origin: string; target: string } {
  const [, origin, rest = ''] = /^(https?:\/\/[^/?]*)(.*)$/i.exec(url) ?? [];
  if (origin === undefined) return { origin: `${scheme}://${headers.host?.toLowerCase()}`, target: url };
  return { origin: origin.toLowerCase(), target: rest.startsWith('/') ? rest : `/${rest}` };
}

function refuse(
  request: MockRequest,
  { status, name, section, text }: { status: number; name: string; section: string; text: string },
): Received {
  return {
    request,
    refusal: {
      answer: { status, headers: { connection: 'close' }, body: `${text}\n` },
      checks: [{ name, passed: false, section }],
      isTokenRequest: false,
    },
  };
}

/** A generator, so that reading on after the end brings nothing, where the message itself would fail. */
async function* piecesOf(message: IncomingMessage): AsyncGenerator<Uint8Array> {
  yield* message;
}

/** The body as text, or `undefined` when it is over the limit: what comes beyond is read and dropped, so that the client sees the answer. */
async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  return size <= BODY_LIMIT ? Buffer.concat(chunks).toString('utf8') : undefined;
}

const SINGLE = ['authorization', 'content-type', 'host'] as const;
const BODY_LIMIT = 1_048_576;
