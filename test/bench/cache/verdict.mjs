/** Figures that have a budget and hardly depend on the machine, so that a run may fail for them. */

/** Lines to read, and whether every row `{ text, isWithin }` is within its budget. */
export function verdict(title, rows) {
  return {
    lines: [title, ...rows.map(({ text, isWithin }) => `  ${text}  ${isWithin ? 'ok' : 'OVER'}`)],
    isWithin: rows.every(({ isWithin }) => isWithin),
  };
}
