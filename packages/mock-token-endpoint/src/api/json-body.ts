/** The JSON in the body of an API request. RFC 8259 §2. */
import type { Checks } from '../checks/checks.ts';
import type { MockRequest } from '../server/http.ts';
import { badRequest, type GraphRefusal } from './graph-answer.ts';

/** The JSON object in the body of `request`. */
export function requireJson(checks: Checks<GraphRefusal>, { headers, body }: MockRequest): Readonly<Record<string, unknown>> {
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const value = mediaType === 'application/json' ? parseObject(body) : undefined;
  checks.require(value !== undefined, {
    name: 'the body is a JSON object, and is called JSON',
    section: 'RFC 8259 §2',
    refusal: badRequest('Unable to read JSON request payload: send a JSON object, with content-type: application/json.'),
  });
  return value;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
