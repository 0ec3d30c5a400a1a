/** `vectors/entra-errors.json` */
import { entraServer } from '../../src/entra/authority.ts';
import { readTokenResponse } from '../../src/token-response/token-response.ts';
import { TokenResponseError } from '../../src/token-response/token-response-error.ts';
import type { Adapter } from './vector.ts';

const server = entraServer({ tenant: 'contoso.com' });

export const entraErrors: Adapter = (input: { status: number; headers: Readonly<Record<string, string>>; body: string }) => {
  try {
    return readTokenResponse(input, { server, scope: 'https://graph.microsoft.com/.default', requestedAtMs: 0 });
  } catch (refusal) {
    if (!(refusal instanceof TokenResponseError)) throw refusal;
    const { code, error, description, errorCodes, suberror, claims, requestId, correlationId, retryAfterMs, transient } = refusal;
    return {
      ...{ code, error, description, errorCodes, suberror, claims, requestId, correlationId, retryAfterMs, transient },
      explanation: refusal.explanation?.code,
      messageIsOneLine: !/[\r\n]/.test(refusal.message),
    };
  }
};
