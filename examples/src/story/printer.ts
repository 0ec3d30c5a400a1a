/** Writes the story: headings, aligned fields, and progress that overwrites itself on a terminal. */

export interface Printer {
  title(text: string, where: string): void;
  /** A numbered step, with the section that it follows. */
  step(text: string, sections: string): void;
  field(name: string, value: string): void;
  line(text: string): void;
  /** On a terminal it replaces the line of progress before it. */
  progress(text: string): void;
}

export function createPrinter(stream: NodeJS.WriteStream): Printer {
  const colours = stream.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const paint = (code: number, text: string): string => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  let steps = 0;
  let inProgress = false;
  const write = (text: string): void => {
    if (inProgress) stream.write('\n');
    inProgress = false;
    stream.write(`${text}\n`);
  };
  return {
    title: (text, where) => write(`\n${paint(BOLD, text)}\n${where}`),
    step: (text, sections) => {
      steps += 1;
      write(`\n${paint(BOLD, `${steps}. ${text}`)}  ${paint(DIM, sections)}`);
    },
    field: (name, value) => write(`   ${paint(CYAN, name.padEnd(NAME_WIDTH))} ${value}`),
    line: (text) => write(`   ${text}`),
    progress: (text) => {
      if (!stream.isTTY) return write(`   ${text}`);
      stream.write(`\r\u001b[2K   ${text}`);
      inProgress = true;
    },
  };
}

const BOLD = 1;
const DIM = 2;
const CYAN = 36;
const NAME_WIDTH = 22;
