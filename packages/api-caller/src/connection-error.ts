/** What an error of undici, or of the sockets below it, means to a caller. */
import { ApiCallerError } from './errors.ts';

/**
 * `network`, `timeout` or `too_large` for an attempt that got no answer, transient if another attempt may fare better.
 *
 * Nothing but the code is kept, and there is no `cause`: the error of a parser holds parts of the answer, that of a mock the
 * whole request.
 *
 * @param label  what was attempted, for the message
 */
export function readConnectionError(error: unknown, label: string): ApiCallerError {
  const code = connectionCodeOf(error);
  if (error instanceof Error && error.name === 'HTTPParserError')
    return new ApiCallerError('network', `${label} was answered with what is no HTTP`);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new ApiCallerError('too_large', `${label} was answered with more header than Node takes`);
  const refusal = proxyRefusal(error);
  if (refusal !== undefined) return refusal;
  if (code === undefined) return new ApiCallerError('network', `${label} failed for a reason the dispatcher gives no code for`);
  if (TIMEOUTS.has(code)) return new ApiCallerError('timeout', `${label} timed out (${code})`, { transient: true });
  if (LOST.has(code)) return new ApiCallerError('network', `${label} lost its connection (${code})`, { transient: true });
  if (CLOSED.has(code)) return new ApiCallerError('closed', `${label} was not sent: its dispatcher is closed (${code})`);
  return new ApiCallerError(
    'network',
    `${label} failed (${code})${CERTIFICATE.test(code) ? "; check the server's certificate and `ca`" : ''}`,
  );
}

/** undici says by its message alone that the proxy would not connect, which is not for a retry to mend unless the proxy is down. */
function proxyRefusal(error: unknown): ApiCallerError | undefined {
  const status = Number(/^Proxy response \((\d+)\)/.exec(error instanceof Error ? error.message : '')?.[1]);
  if (Number.isNaN(status)) return undefined;
  const advice = status === 407 ? 'put user and password into its URL' : 'see which hosts it lets through, or name this one in NO_PROXY';
  return new ApiCallerError('network', `The proxy refused to connect (HTTP ${status}): ${advice}`, { transient: status >= 500 });
}

function connectionCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);
const LOST: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'UND_ERR_SOCKET', 'HPE_INVALID_EOF_STATE'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'],
]);
const CLOSED: ReadonlySet<string> = new Set(['UND_ERR_DESTROYED', 'UND_ERR_CLOSED']);
const CERTIFICATE = /CERT|TLS|SSL|^UNABLE_TO_/;
