/** The OData query options this API understands: `$select`, and on lists `$top` and an opaque `$skiptoken`. OData 4.01 part 2 §5.1. */
import type { Checks } from '../checks/checks.ts';
import { badRequest, type GraphRefusal } from './graph-answer.ts';

/** Which of many to return. */
interface PageRequest {
  readonly skip: number;
  readonly top: number;
}

/** The page that `$top` and `$skiptoken` ask for; without `$top`, `usual` items: by default 100 of at most 999. */
export function readPage(
  checks: Checks<GraphRefusal>,
  query: URLSearchParams,
  { usual = 100, most = 999 }: { readonly usual?: number | undefined; readonly most?: number } = {},
): PageRequest {
  const top = query.get('$top') ?? String(usual);
  checks.require(/^[1-9][0-9]{0,4}$/.test(top) && Number(top) <= most, {
    name: `$top is from 1 to ${most}`,
    section: 'Graph: paging',
    refusal: badRequest(`Invalid page size specified: '${top}'. Must be between 1 and ${most} inclusive.`),
  });
  const token = query.get('$skiptoken');
  const skip = token === null ? '0' : AFTER.exec(Buffer.from(token, 'base64url').toString())?.[1];
  checks.require(skip !== undefined, {
    name: '$skiptoken is one of ours',
    section: 'Graph: paging',
    refusal: badRequest('The skip token is not valid: follow @odata.nextLink as it is.'),
  });
  return { skip: Number(skip), top: Number(top) };
}

/** The `$skiptoken` of the page that starts after `count` items. */
export function skipTokenAfter(count: number): string {
  return Buffer.from(`after:${count}`).toString('base64url');
}

/** Those of `names` that `query` has, as the next link repeats them: each with `&` behind it. */
export function repeatOptions(query: URLSearchParams, names: readonly string[]): string {
  return names
    .filter((name) => query.has(name))
    .map((name) => `${name}=${query.get(name)}&`)
    .join('');
}

/** How many items a page has by `Prefer: odata.maxpagesize`, and the header that says so; nothing when it asks for none from 1 to 999. OData 4.01 part 1 §8.2.8.7. */
export function readPreferredSize(prefer: string | undefined): {
  readonly size?: number;
  readonly headers?: Readonly<Record<string, string>>;
} {
  const [, digits] = /(?:^|[,;])\s*(?:odata\.)?maxpagesize\s*=\s*"?([1-9][0-9]{0,2})"?\s*(?:$|[,;])/i.exec(prefer ?? '') ?? [];
  return digits === undefined ? {} : { size: Number(digits), headers: { 'preference-applied': `odata.maxpagesize=${digits}` } };
}

/** The names in `$select`, or `undefined` for all; an option that would silently be ignored is refused instead. */
export function readSelect(
  checks: Checks<GraphRefusal>,
  { query, fields, options }: { query: URLSearchParams; fields: readonly string[]; options: readonly string[] },
): readonly string[] | undefined {
  checkOptions(checks, query, options);
  const selected = query.get('$select')?.split(',');
  const unknown = selected?.find((name) => !fields.includes(name));
  checks.require(unknown === undefined, {
    name: '$select names fields there are',
    section: 'Graph: query parameters',
    refusal: badRequest(`Could not find a property named '${unknown}' on type 'microsoft.graph.user'.`),
  });
  return selected;
}

/** Refuses an option of OData's that is none of `options`. */
export function checkOptions(checks: Checks<GraphRefusal>, query: URLSearchParams, options: readonly string[]): void {
  const foreign = [...query.keys()].find((name) => name.startsWith('$') && !options.includes(name));
  checks.require(foreign === undefined, {
    name: 'the query options are supported',
    section: 'Graph: query parameters',
    refusal: badRequest(`The query option '${foreign}' is not supported by this mock, which knows ${options.join(', ')}.`),
  });
}

const AFTER = /^after:([0-9]{1,8})$/;
