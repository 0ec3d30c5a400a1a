/** The OData query options this API understands: `$select`, and on lists `$top` and an opaque `$skiptoken`. OData 4.01 part 2 §5.1. */
import type { Checks } from '../checks/checks.ts';
import type { GraphRefusal } from './graph-answer.ts';

/** Which of many to return. */
interface PageRequest {
  readonly skip: number;
  readonly top: number;
}

/** The page that `$top` and `$skiptoken` ask for; without `$top`, 100 items. */
export function readPage(checks: Checks<GraphRefusal>, query: URLSearchParams): PageRequest {
  const top = query.get('$top') ?? String(DEFAULT_PAGE);
  checks.require(/^[1-9][0-9]{0,2}$/.test(top), {
    name: '$top is from 1 to 999',
    section: 'Graph: paging',
    refusal: badRequest(`Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`),
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

/** The names in `$select`, or `undefined` for all; an option that would silently be ignored is refused instead. */
export function readSelect(
  checks: Checks<GraphRefusal>,
  { query, fields, options }: { query: URLSearchParams; fields: readonly string[]; options: readonly string[] },
): readonly string[] | undefined {
  const foreign = [...query.keys()].find((name) => name.startsWith('$') && !options.includes(name));
  checks.require(foreign === undefined, {
    name: 'the query options are supported',
    section: 'Graph: query parameters',
    refusal: badRequest(`The query option '${foreign}' is not supported by this mock, which knows ${options.join(', ')}.`),
  });
  const selected = query.get('$select')?.split(',');
  const unknown = selected?.find((name) => !fields.includes(name));
  checks.require(unknown === undefined, {
    name: '$select names fields there are',
    section: 'Graph: query parameters',
    refusal: badRequest(`Could not find a property named '${unknown}' on type 'microsoft.graph.user'.`),
  });
  return selected;
}

function badRequest(message: string): GraphRefusal {
  return { status: 400, code: 'Request_BadRequest', message };
}

const DEFAULT_PAGE = 100;
const AFTER = /^after:([0-9]{1,6})$/;
