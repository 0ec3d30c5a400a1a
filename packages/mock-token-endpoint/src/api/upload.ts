/** An upload session's own address: pieces of a file in their order, how far it is, and its end. Graph: upload large files; RFC 9110 §14.4. */
import { UPLOAD_PATH } from '../api-resource.ts';
import { type Checks, judge } from '../checks/checks.ts';
import type { Outcome } from '../outcome.ts';
import { isRead, type MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { describeFile, fileKey, type UploadSession } from './drive.ts';
import { type GraphRefusal, type GraphSuccess, graphError, graphSuccess } from './graph-answer.ts';
import { readRange, requireNext, requirePiece } from './upload-range.ts';

interface Visit {
  readonly request: MockRequest;
  readonly id: string;
  readonly services: Services;
}

/** Answers a request below `UPLOAD_PATH`. Its URL is all a request needs, and it must bring no token. */
export async function answerUploadRequest(request: MockRequest, services: Services): Promise<Outcome> {
  const id = request.path.slice(UPLOAD_PATH.length);
  const tenant = services.api.uploads.get(id)?.tenantId;
  const { made, granted, refusal } = await judge<GraphSuccess, GraphRefusal>((checks) => visit(checks, { request, id, services }));
  // What is refused is read to its end all the same, so that the client sees the answer.
  if (refusal) await digestOf(request.content ?? [], { update: () => undefined });
  const answer = refusal ? graphError(refusal, { request, services }) : graphSuccess(granted, { request, services });
  return { answer, checks: made, isTokenRequest: false, tenant };
}

async function visit(checks: Checks<GraphRefusal>, { request, id, services }: Visit): Promise<GraphSuccess> {
  checks.require(request.headers['authorization'] === undefined, {
    name: 'no token is sent to a pre-authenticated URL',
    section: 'Graph: upload large files',
    refusal: { status: 401, code: 'unauthenticated', message: 'The upload URL is all it takes: send no Authorization header.' },
  });
  const session = findSession(checks, { id, services });
  if (isRead(request)) return { body: progressOf(session) };
  checks.require(request.method === 'PUT' || request.method === 'DELETE', {
    name: 'the method is GET, HEAD, PUT or DELETE',
    section: 'RFC 9110 §15.5.6',
    refusal: {
      status: 405,
      code: 'invalidRequest',
      message: `The method ${request.method} is not allowed here.`,
      headers: { allow: 'GET, HEAD, PUT, DELETE' },
    },
  });
  if (request.method === 'PUT') return takePiece(checks, session, { request, id, services });
  services.api.uploads.delete(id);
  return { status: 204 };
}

/** 202 with what is still to come, or 201 with the file when that was the last. A piece that breaks off has not come at all. */
async function takePiece(checks: Checks<GraphRefusal>, session: UploadSession, { request, id, services }: Visit): Promise<GraphSuccess> {
  const range = readRange(checks, request.headers['content-range']);
  requirePiece(checks, range, session);
  requireNext(checks, range, session);
  const hash = session.hash.copy();
  const octets = await digestOf(request.content ?? [], hash);
  checks.require(octets === range.octets, {
    name: 'the body is as long as its range',
    section: 'RFC 9110 §14.4',
    refusal: { status: 400, code: 'invalidRequest', message: `The body has ${octets} octets, its Content-Range ${range.octets}.` },
  });
  // While it was read, the same piece may have come by another connection, or the session may have been ended.
  requireNext(checks, range, findSession(checks, { id, services }));
  const { size } = range;
  const after: UploadSession = { ...session, size, received: session.received + octets, hash };
  if (after.received < size) {
    services.api.uploads.set(id, after);
    return { status: 202, body: progressOf(after) };
  }
  services.api.uploads.delete(id);
  const { tenantId, name } = session;
  const file = { tenantId, id: services.uniqueId(), name, size, sha256: hash.digest('hex').toUpperCase() };
  services.api.files.set(fileKey(file), file);
  return { status: 201, body: describeFile(file) };
}

function findSession(checks: Checks<GraphRefusal>, { id, services }: Omit<Visit, 'request'>): UploadSession {
  const session = services.api.uploads.get(id);
  checks.require(session !== undefined && services.clock.now() < session.expiresAtMs, {
    name: 'the upload session exists, and has not expired',
    section: 'Graph: upload large files',
    refusal: { status: 404, code: 'itemNotFound', message: 'The upload session was not found.' },
  });
  return session;
}

function progressOf({ expiresAtMs, received }: UploadSession): object {
  return { expirationDateTime: new Date(expiresAtMs).toISOString(), nextExpectedRanges: [`${received}-`] };
}

/** How many octets there are, each of them shown to `hash` and then forgotten. */
async function digestOf(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  hash: { update(piece: Uint8Array): unknown },
): Promise<number> {
  let octets = 0;
  for await (const piece of content) {
    octets += piece.length;
    hash.update(piece);
  }
  return octets;
}
