/** Reads the titles of tests out of a test file's text, without running it. */

const COMMENT = /\/\/.*|\/\*[\s\S]*?\*\//;
const STRING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/;
const NAME = /[\w$.]+/;
const TOKEN = new RegExp([COMMENT, STRING, NAME, /\S/].map(({ source }) => source).join('|'), 'g');
/** What `skip`, `todo` or `only` stands behind is no test, so only these two forms count. */
const CALL = /^(?:test|describe)(\.each)?$/;

/** The titles of `test` and `describe`, also behind `.each(…)`; what stands in comments and strings is none. */
export function titlesIn(source) {
  const tokens = (source.match(TOKEN) ?? []).filter((token) => !/^\/[/*]/.test(token));
  return tokens.flatMap((token, index) => {
    const call = CALL.exec(token);
    if (call === null) return [];
    const open = call[1] === undefined ? index + 1 : afterParentheses(tokens, tokens.indexOf('(', index));
    const title = tokens[open] === '(' ? tokens[open + 1] : undefined;
    return title !== undefined && /^['"`]/.test(title) ? [title.slice(1, -1).replace(/\\(.)/g, '$1')] : [];
  });
}

/** Where the tokens go on after the parenthesis that opens here is closed. */
function afterParentheses(tokens, open) {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at] === '(') depth += 1;
    if (tokens[at] === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}
