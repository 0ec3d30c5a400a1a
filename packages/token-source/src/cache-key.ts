/**
 * The name under which a source keeps a token: what may differ between two calls of one source. All else that shapes a token,
 * such as authority, client and parameters, never changes within a source, and its memory is shared with no other.
 */

/**
 * The key of a token for these scopes, which count as a set: each once, in order, divided by a space. Such a text is its own key,
 * so that a scope written that way finds its token without being parsed.
 *
 * @see RFC 6749 §3.3 https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
export function tokenKey(scopes: readonly string[]): string {
  return scopes.toSorted().join(' ');
}
