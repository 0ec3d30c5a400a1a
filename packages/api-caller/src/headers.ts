/** The header fields a caller may set, and those that are this package's alone. RFC 9110 §5. */
import { ApiCallerError, printable } from './errors.ts';

/**
 * The fields with lower-case names, ready to be laid over others.
 *
 * @throws {ApiCallerError} `reserved_header` for a field that carries credentials or frames the message, in whatever case;
 *   `invalid_configuration` for what is no field name or no field value, and for a name given twice
 * @see RFC 9110 §5.1 https://www.rfc-editor.org/rfc/rfc9110#section-5.1
 */
export function readHeaders(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
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
const FIELD_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
