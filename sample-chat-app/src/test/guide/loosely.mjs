/**
 * Where in the output the expected lines are, each somewhere behind the one before; undefined when one is missing. An
 * ellipsis stands for anything, and blanks are all alike.
 */
export function missingIn(output, expected) {
  const seen = output.replace(/\x1b\[[0-9;]*m/g, '').replace(/\s+/g, ' ');
  let from = 0;
  for (const line of expected.split('\n').map((each) => each.trim()).filter(Boolean)) {
    const match = patternOf(line).exec(seen.slice(from));
    if (!match) return line;
    from += match.index + match[0].length;
  }
  return undefined;
}

function patternOf(line) {
  const pieces = line.split('…').map((piece) => piece.trim().replace(/\s+/g, ' ').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(pieces.join('.*?'));
}
