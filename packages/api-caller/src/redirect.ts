/** Where a redirect leads, and what of the request may go there. RFC 9110 §15.4. */

import type { Dispatcher } from 'undici';
import type { Call } from './call.ts';
import { type Egress, isDeclared, resolvePreAuthenticated, resolveTarget } from './egress.ts';
import { carriedHeaders, fieldOf } from './headers.ts';
import type { Target } from './target.ts';

/** The longest chain that is followed. */
export const MOST_REDIRECTS = 5;

/**
 * The call to make in place of this one, or `undefined` if the answer is no redirect, or one that is not followed.
 *
 * Followed are those of requests that change nothing: within the origin as they are, to another declared origin with the token but
 * without any header that may hold credentials, and to where nothing was declared only for calls that may go anywhere, without a token.
 *
 * @see RFC 9110 §15.4 https://www.rfc-editor.org/rfc/rfc9110#section-15.4
 */
export function followRedirect(
  call: Call,
  response: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>,
  egress: Egress,
): Call | undefined {
  if (call.redirects === 'none' || !REDIRECTS.has(response.statusCode) || !SAFE.has(call.method) || call.hasBody) return undefined;
  // RFC 9110 §10.2.2: a fragment is for who shows the document.
  const location = fieldOf(response.headers, 'location')?.replace(/#.*$/s, '');
  if (location === undefined || location === '') return undefined;
  const followed = resolveRedirect(call, location, egress);
  if (followed === undefined) return undefined;
  const headers = followed.target.origin === call.target.origin ? call.headers : carriedHeaders(call.headers);
  return { ...call, ...followed, headers };
}

function resolveRedirect(
  call: Call,
  location: string,
  egress: Egress,
): { readonly target: Target; readonly authorize: boolean } | undefined {
  try {
    if (call.redirects === 'declared') return { target: resolveTarget(egress, location, call.target), authorize: true };
    const target = resolvePreAuthenticated(egress, location, call.target);
    // From TLS to no TLS is no step that anybody asked for.
    if (call.target.url.protocol === 'https:' && target.url.protocol !== 'https:') return undefined;
    return { target, authorize: call.authorize && isDeclared(egress, target) };
  } catch {
    // The answer stays what it is: a redirect that is not followed.
    return undefined;
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD']);
