/** The `Link` header: where the next page of a collection is, for APIs that say it there. RFC 8288 §3. */

/**
 * The target of the first link with the relation `next`, as it is written; `undefined` if there is none.
 *
 * @param lines  the field's lines as received
 * @see RFC 8288 §3 https://www.rfc-editor.org/rfc/rfc8288#section-3
 */
export function readNextLink(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    for (const { groups } of line.matchAll(LINK_VALUE)) {
      if (groups !== undefined && relationsOf(groups['parameters'] ?? '').includes('next')) return groups['target'];
    }
  }
  return undefined;
}

/** RFC 8288 §3.3: of several `rel` parameters the first counts, and it may name several relations. */
function relationsOf(parameters: string): readonly string[] {
  const rel = [...parameters.matchAll(PARAMETER)].find(({ groups }) => groups?.['name']?.toLowerCase() === 'rel');
  const value = rel?.groups?.['quoted'] ?? rel?.groups?.['token'] ?? '';
  return value.toLowerCase().split(/[ \t]+/);
}

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const LINK_VALUE = new RegExp(
  `<(?<target>[^>]*)>(?<parameters>(?:[ \\t]*;[ \\t]*[^;,"= \\t]+(?:[ \\t]*=[ \\t]*(?:${QUOTED}|[^;,"]*))?)*)`,
  'g',
);
const PARAMETER = /;[ \t]*(?<name>[^;,"= \t]+)(?:[ \t]*=[ \t]*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<token>[^;,"]*)))?/g;
