/** Collections of any size, which take no memory: `count` items that follow from their numbers, in the three ways APIs have of turning pages. */
import type { Checks } from '../checks/checks.ts';
import { badRequest, type GraphRefusal, type GraphSuccess } from './graph-answer.ts';
import { checkOptions, readPage, readPreferredSize, repeatOptions, skipTokenAfter } from './odata.ts';
import type { ApiCall, ApiRoute } from './route.ts';

export const ITEM_ROUTES: readonly ApiRoute[] = [
  { method: 'GET', path: /^items$/, answer: listByNextLink },
  { method: 'GET', path: /^linked-items$/, answer: listByLinkHeader },
  { method: 'GET', path: /^cursor-items$/, answer: listByCursor },
];

/** OData: `@odata.nextLink`. The size of a page is `$top`, or else what `Prefer: odata.maxpagesize` says, or 100. OData JSON 4.01 §4.6.6. */
function listByNextLink(checks: Checks<GraphRefusal>, { request, baseUrl }: ApiCall): GraphSuccess {
  const { query } = request;
  checkOptions(checks, query, ['$top', '$skiptoken']);
  const { size, headers } = readPreferredSize(request.headers['prefer']);
  const { skip, top } = readPage(checks, query, { usual: size, most: LARGEST_PAGE });
  const { value, end } = itemsOf(checks, { query, skip, top });
  const next = `${baseUrl}items?${repeatOptions(query, ['count', '$top'])}$skiptoken=${skipTokenAfter(skip + top)}`;
  return {
    ...(headers && !query.has('$top') ? { headers } : {}),
    body: { '@odata.context': `${baseUrl}$metadata#items`, ...(end === 'more' ? { '@odata.nextLink': next } : {}), value },
  };
}

/** `Link` headers: `next` and `prev`, in one field; the body is the list. RFC 8288 §3. */
function listByLinkHeader(checks: Checks<GraphRefusal>, { request: { query }, baseUrl }: ApiCall): GraphSuccess {
  const page = requireCount(checks, { query, name: 'page', usual: 1, least: 1, most: MOST_ITEMS });
  const top = requireCount(checks, { query, name: 'per_page', usual: 100, least: 1, most: LARGEST_PAGE });
  const { value, end } = itemsOf(checks, { query, skip: (page - 1) * top, top });
  const linkTo = (number: number, relation: string) =>
    `<${baseUrl}linked-items?${repeatOptions(query, ['count', 'per_page'])}page=${number}>; rel="${relation}"`;
  const links = [...(end === 'more' ? [linkTo(page + 1, 'next')] : []), ...(page > 1 ? [linkTo(page - 1, 'prev')] : [])];
  return { ...(links.length > 0 ? { headers: { link: links.join(', ') } } : {}), body: value };
}

/** A cursor in the body, to be given back as `cursor`; `null` at the end. */
function listByCursor(checks: Checks<GraphRefusal>, { request: { query } }: ApiCall): GraphSuccess {
  const skip = requireCount(checks, { query, name: 'cursor', usual: 0, least: 0, most: MOST_ITEMS });
  const top = requireCount(checks, { query, name: 'limit', usual: 100, least: 1, most: LARGEST_PAGE });
  const { value, end } = itemsOf(checks, { query, skip, top });
  return { body: { data: value, next_cursor: end === 'more' ? String(skip + top) : null } };
}

interface Item {
  readonly id: string;
  readonly number: number;
}

/** Up to `top` items of the `count` there are, after the first `skip`. */
function itemsOf(
  checks: Checks<GraphRefusal>,
  { query, skip, top }: { query: URLSearchParams; skip: number; top: number },
): { readonly value: readonly Item[]; readonly end: 'more' | 'last' } {
  const count = requireCount(checks, { query, name: 'count', usual: 1000, least: 0, most: MOST_ITEMS });
  const length = Math.max(0, Math.min(top, count - skip));
  const value = Array.from({ length }, (_, index) => ({ id: `item-${skip + index + 1}`, number: skip + index + 1 }));
  return { value, end: skip + top < count ? 'more' : 'last' };
}

/** A whole number of the query. */
export function requireCount(
  checks: Checks<GraphRefusal>,
  { query, name, usual, least, most }: { query: URLSearchParams; name: string; usual: number; least: number; most: number },
): number {
  const text = query.get(name) ?? String(usual);
  const value = /^[0-9]{1,8}$/.test(text) ? Number(text) : Number.NaN;
  checks.require(value >= least && value <= most, {
    name: `${name} is from ${least} to ${most}`,
    section: 'Mock: query',
    refusal: badRequest(`'${name}' is '${text}': give a whole number from ${least} to ${most}.`),
  });
  return value;
}

const LARGEST_PAGE = 10_000;
const MOST_ITEMS = 10_000_000;
