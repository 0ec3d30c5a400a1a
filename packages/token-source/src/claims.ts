/** Claims requests: what a caller asks for, and what a resource demands. OpenID Connect Core §5.5; Entra's continuous access evaluation. */
import { ProtocolError } from '@client-credentials/protocol';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A claims request in its one spelling: without white space, as JSON writes it.
 *
 * @throws {ProtocolError} `invalid_parameter` unless it is a JSON object of at most 16 KiB
 */
export function parseClaims(text: string, name: string): string {
  if (typeof text === 'string' && Buffer.byteLength(text) <= LONGEST_CLAIMS) {
    try {
      const value: unknown = JSON.parse(text);
      // Written here too, since that fails for what is nested too deep.
      if (isObject(value)) return JSON.stringify(value);
    } catch {}
  }
  throw new ProtocolError(
    'invalid_parameter',
    `The option ${name} is no JSON object of at most ${LONGEST_CLAIMS} bytes; give a claims request`,
  );
}

/**
 * One request for what both ask for. Where both ask for the same claim, the challenge has its way: without it the API refuses.
 *
 * @param claims  both as `parseClaims` returned them
 */
export function mergeClaims({ caller, challenge }: { caller: string | undefined; challenge: string | undefined }): string | undefined {
  if (caller === undefined || challenge === undefined) return challenge ?? caller;
  const merged: Record<string, unknown> = { ...JSON.parse(caller) };
  for (const [target, asked] of Object.entries(JSON.parse(challenge) as JsonObject)) {
    const already = Object.hasOwn(merged, target) ? merged[target] : undefined;
    merged[target] = isObject(already) && isObject(asked) ? { ...already, ...asked } : asked;
  }
  return JSON.stringify(merged);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONGEST_CLAIMS = 16 * 1024;
