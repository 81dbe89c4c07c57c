/**
 * A guide in Markdown, as the list of things that its reader does and sees. What stands in a block says its fence; what to
 * do with it says the paragraph before it, in words that the reader sees too:
 *
 * - "`src/App.java`:" — the block is this file; "In `pom.xml`, below `<dependencies>`:" (or "instead of") — the block goes
 *   there; "At the end of `x`:" — it is appended
 * - a block of `sh` is run; "In terminal 2:" — it goes on running there
 * - a block of `text` or `json` is what is seen: of the command before, or "Terminal 2 shows:"; "Within 10 seconds" — the
 *   command is run again until then
 * - "Press Ctrl-C in terminal 1." anywhere
 * - items of a list that speak of windows: see `windows.mjs`
 * - a block whose fence says `look` is only to be looked at
 */
export function stepsOf(markdown) {
  const steps = [];
  for (const part of partsOf(markdown)) {
    const { line, heading } = part;
    for (const step of part.fence ? fenced(part) : spoken(part)) steps.push({ line, heading, ...step });
  }
  return steps;
}

/** Only what stands below one heading. */
export function section(markdown, title) {
  const lines = markdown.split('\n');
  const first = lines.findIndex((line) => line.replace(/^#+\s*/, '') === title && line.startsWith('#'));
  if (first < 0) throw new Error(`No heading "${title}"`);
  const depth = lines[first].match(/^#+/)[0].length;
  const length = lines.slice(first + 1).findIndex((line) => /^#+\s/.test(line) && line.match(/^#+/)[0].length <= depth);
  // What is left out stays as empty lines, so that a line's number is still its number.
  return lines.map((line, at) => (at < first || (length >= 0 && at > first + length) ? '' : line)).join('\n');
}

function* partsOf(markdown) {
  let heading = '';
  let text = [];
  let lead = '';
  let start = 0;
  const lines = markdown.split('\n');
  const paragraph = () => {
    const part = { line: start, heading, text: text.join(' ').replace(/\s+/g, ' ') };
    text = [];
    if (part.text) lead = part.text;
    return part;
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    const fence = line.match(/^```(.*)$/);
    const item = line.match(/^(?:[-*]|\d+\.) (.*)$/);
    if (text.length && (fence || item || line.trim() === '' || line.startsWith('#'))) yield paragraph();
    if (fence) {
      const end = lines.indexOf('```', at + 1);
      if (end < 0) throw new Error(`Line ${at + 1}: this block has no end`);
      yield { line: at + 1, heading, fence: fence[1].trim(), lead, body: lines.slice(at + 1, end).join('\n') + '\n' };
      lead = '';
      at = end;
    } else if (line.startsWith('#')) {
      heading = line.replace(/^#+\s*/, '');
      lead = '';
    } else if (line.trim()) {
      if (!text.length) start = at + 1;
      text.push(item ? `- ${item[1]}` : line.trim());
    }
  }
  if (text.length) yield paragraph();
}

function fenced({ fence, lead, body, line }) {
  const [language, look] = fence.split(' ');
  if (look === 'look') return [];
  if (language === 'sh') {
    const terminal = lead.match(/\bin terminal (\d)[^.]*:$/i)?.[1];
    return [terminal ? { does: 'start', terminal, script: body } : { does: 'run', script: body }];
  }
  const edit = lead.match(/In `([^`]+)`, (below|instead of) `([^`]+)`:$/);
  if (edit) return [{ does: 'edit', path: edit[1], how: edit[2], anchor: edit[3], body }];
  const append = lead.match(/At the end of `([^`]+)`:$/i);
  if (append) return [{ does: 'append', path: append[1], body }];
  const file = lead.match(/`([^`]+\.[a-z]+)`:$/);
  if (file) return [{ does: 'write', path: file[1], body }];
  if (language === 'text' || language === 'json') {
    const terminal = lead.match(/\bterminal (\d) shows\b/i)?.[1];
    const seconds = Number(lead.match(/within (\d+) seconds/i)?.[1] ?? 0);
    return [{ does: 'see', terminal, seconds, expected: body }];
  }
  throw new Error(`Line ${line}: nothing says what to do with this block: "${lead}"`);
}

function spoken({ text }) {
  const steps = [...text.matchAll(/Press Ctrl-C in terminal (\d)/g)].map(([, terminal]) => ({ does: 'interrupt', terminal }));
  if (/^- .*\bwindows?\b/i.test(text)) steps.push({ does: 'look', text: text.slice(2) });
  return steps;
}
