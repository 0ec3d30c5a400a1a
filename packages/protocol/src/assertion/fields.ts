/** The form fields that carry a client assertion. RFC 7521 §4.2, RFC 7523 §2.2; Entra takes the same. */

/**
 * The assertion with its type, and the id of the client it names.
 *
 * @see RFC 7521 §4.2 https://www.rfc-editor.org/rfc/rfc7521#section-4.2
 */
export function assertionFields(clientId: string, assertion: string): Readonly<Record<string, string>> {
  return {
    // RFC 7521 §4.2: `client_id` is optional beside an assertion, but must name the same client.
    client_id: clientId,
    client_assertion_type: JWT_BEARER_ASSERTION,
    client_assertion: assertion,
  };
}

/** @see RFC 7523 §2.2 https://www.rfc-editor.org/rfc/rfc7523#section-2.2 */
const JWT_BEARER_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
