// How the lines of a .proto are laid out.
const COLUMNS = 120;

// comment("  ", "Returns one area. …"): its lines, broken at words.
export function comment(indent, text) {
  const lines = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= COLUMNS) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(`${indent}// ${word}`);
    }
  }
  return lines;
}

// Puts an empty line between the parts, each of which is an array of lines.
export function apart(parts) {
  return parts.flatMap((lines, at) => (at > 0 ? ['', ...lines] : lines));
}
