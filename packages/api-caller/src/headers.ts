/** The header fields a caller may set, and those that are this package's alone. RFC 9110 §5. */
import { ApiCallerError, printable } from './errors.ts';

/** The one object that stands for none, so that it is known without looking into it. */
export const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/**
 * The fields with lower-case names, ready to be laid over others.
 *
 * @throws {ApiCallerError} `reserved_header` for a field that carries credentials or frames the message, in whatever case;
 *   `invalid_configuration` for what is no field name or no field value, and for a name given twice
 * @see RFC 9110 §5.1 https://www.rfc-editor.org/rfc/rfc9110#section-5.1
 */
export function readHeaders(headers?: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (headers === undefined) return NO_HEADERS;
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const field = name.toLowerCase();
    if (RESERVED.has(field))
      throw new ApiCallerError('reserved_header', `Header "${field}" is set by this package or not at all; leave it out`);
    if (!FIELD_NAME.test(field)) throw new ApiCallerError('invalid_configuration', `"${printable(name)}" is not a header name`);
    // The value itself may be an API key, so it is not shown.
    if (!FIELD_VALUE.test(value))
      throw new ApiCallerError('invalid_configuration', `The value of header "${field}" holds a character that no header may hold`);
    if (Object.hasOwn(fields, field)) throw new ApiCallerError('invalid_configuration', `Header "${field}" is given twice`);
    fields[field] = value;
  }
  return fields;
}

/** All fields of these layers; of two with one name the later. Most layers are empty, and most calls have one that is not. */
export function layered(layers: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> {
  const filled = layers.filter((layer) => layer !== NO_HEADERS);
  return filled.length === 1 && filled[0] !== undefined ? filled[0] : Object.assign({}, ...filled);
}

/** Those fields that may go to another origin than the caller named: by a list of what is known to hold no credentials. */
export function carriedHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isCarried(name)));
}

/** @throws {ApiCallerError} `reserved_header` for a field that may hold credentials */
export function requireCarried(headers: Readonly<Record<string, string>>): void {
  const field = Object.keys(headers).find((name) => !isCarried(name));
  if (field === undefined) return;
  throw new ApiCallerError(
    'reserved_header',
    `Header "${field}" may hold credentials and is not sent with \`authorize: false\`; leave it out`,
  );
}

function isCarried(name: string): boolean {
  return CARRIED.has(name) || CARRIED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** The values of a received field, one for each of its lines. */
export function fieldsOf(headers: Readonly<Record<string, string | string[] | undefined>>, name: string): readonly string[] {
  return [headers[name] ?? []].flat();
}

/** The value of a received field, the first if there are several; `undefined` if there is none. */
export function fieldOf(headers: Readonly<Record<string, string | string[] | undefined>>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const RESERVED: ReadonlySet<string> = new Set([
  ...['authorization', 'proxy-authorization', 'cookie', 'dpop'],
  ...['host', 'content-length', 'transfer-encoding', 'te', 'trailer', 'expect'],
  ...['connection', 'keep-alive', 'proxy-connection', 'upgrade'],
]);
const CARRIED: ReadonlySet<string> = new Set([
  ...['accept', 'accept-charset', 'accept-encoding', 'accept-language', 'user-agent', 'prefer', 'range', 'date', 'cache-control'],
  ...['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range', 'digest', 'content-digest', 'want-digest'],
  ...['content-type', 'content-encoding', 'content-language', 'content-disposition', 'content-range', 'content-md5'],
  ...['client-request-id', 'x-ms-client-request-id', 'x-request-id', 'traceparent', 'tracestate', 'idempotency-key', 'consistencylevel'],
  // Azure Storage, behind whose signed URLs most contents are.
  ...['x-ms-version', 'x-ms-date', 'x-ms-range', 'x-ms-access-tier', 'x-ms-content-crc64'],
]);
const CARRIED_PREFIXES = ['x-ms-blob-', 'x-ms-meta-'];
const FIELD_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
