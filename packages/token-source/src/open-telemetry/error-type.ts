/** The attribute `error.type`, of which there are few. */
import { explainError } from '@client-credentials/protocol';
import type { Attributes } from '@opentelemetry/api';

/**
 * `error.type` for a failure, nothing for a success. What a server calls an error is whatever the server likes, so that of its
 * words only known ones pass.
 *
 * @see OpenTelemetry, the attribute error.type https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/
 */
export function errorType({ outcome, error }: { readonly outcome: string; readonly error?: string }): Attributes {
  if (error === undefined) return {};
  return { 'error.type': outcome === 'refused' ? (explainError(error)?.code ?? '_OTHER') : error };
}
