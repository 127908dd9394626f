// A Markdown document, the commands in its console blocks, and how an output is compared with the expected one.
import {normalised} from './patterns.mjs';

const ELLIPSIS = '…';

// A command goes on in the next line after a backslash at the end of the line, and inside single quotes.
function goesOn(command) {
  return command.endsWith('\\') || command.split("'").length % 2 === 0;
}

// The document as a list of parts: {text: [line, …]} and {command, shown: [line, …], expected: [line, …], line}.
export function parse(text) {
  const parts = [{text: []}];
  let block = false;
  text.split('\n').forEach((line, index) => {
    const last = parts.at(-1);
    if (!block || line === '```') {
      if (block) parts.push({text: []});
      parts.at(-1).text.push(line);
      block = line === '```console' || (block && line !== '```');
    } else if (last.shown && !last.ended && goesOn(last.command)) {
      last.shown.push(line);
      last.command += `\n${line}`;
    } else if (line.startsWith('$ ')) {
      parts.push({command: line.slice(2), shown: [line], expected: [], line: index + 1});
    } else if (last.shown) {
      last.ended = true;
      last.expected.push(line);
    } else {
      throw new Error(`line ${index + 1}: a console block begins with a command ("$ …")`);
    }
  });
  return parts;
}

export function join(parts) {
  return parts.flatMap((part) => part.text ?? [...part.shown, ...part.expected]).join('\n');
}

// Whether a line of the output is the expected one. … at the end of a line stands for any rest of the line.
function same(expected, actual) {
  if (expected.endsWith(ELLIPSIS)) return normalised(actual).startsWith(normalised(expected.slice(0, -1)));
  return normalised(expected) === normalised(actual);
}

// Aligns the output with the expected lines, with as few changes as possible. Returns [kind, line] pairs: '=' an
// expected line that is there (or … with the lines it stands for), '-' one that is not there, '+' one that is new.
export function align(expected, actual) {
  const costs = Array.from({length: expected.length + 1}, () => new Array(actual.length + 1).fill(Infinity));
  const steps = costs.map((row) => row.map(() => null));
  costs[0][0] = 0;
  const offer = (i, j, cost, step) => {
    if (cost >= costs[i][j]) return;
    costs[i][j] = cost;
    steps[i][j] = step;
  };
  for (let i = 0; i <= expected.length; ++i) {
    for (let j = 0; j <= actual.length; ++j) {
      const any = i > 0 && expected[i - 1] === ELLIPSIS;
      if (any) offer(i, j, costs[i - 1][j], 'keep');
      if (any && j > 0) offer(i, j, costs[i][j - 1], 'absorb');
      if (i > 0 && j > 0 && !any) {
        const equal = same(expected[i - 1], actual[j - 1]);
        offer(i, j, costs[i - 1][j - 1] + (equal ? 0 : 1), equal ? 'match' : 'replace');
      }
      if (i > 0) offer(i, j, costs[i - 1][j] + 1, 'remove');
      if (j > 0) offer(i, j, costs[i][j - 1] + 1, 'insert');
    }
  }
  const changes = [];
  for (let i = expected.length, j = actual.length; i > 0 || j > 0;) {
    const step = steps[i][j];
    if (step === 'insert' || step === 'replace') changes.push(['+', actual[j - 1]]);
    if (step === 'remove' || step === 'replace') changes.push(['-', expected[i - 1]]);
    if (step === 'keep' || step === 'match') changes.push(['=', expected[i - 1]]);
    if (step !== 'insert' && step !== 'absorb') --i;
    if (step !== 'remove' && step !== 'keep') --j;
  }
  return changes.reverse();
}

export function differs(changes) {
  return changes.some(([kind]) => kind !== '=');
}

// The expected lines that the changes lead to.
export function corrected(changes) {
  return changes.filter(([kind]) => kind !== '-').map(([, line]) => line);
}

function headings(text) {
  let fenced = false;
  return text.split('\n').filter((line) => {
    if (line.startsWith('```')) fenced = !fenced;
    return !fenced && /^#+ /.test(line);
  }).map((line) => line.match(/^#+/)[0]);
}

function commands(text) {
  return parse(text).filter((part) => part.command).map((part) => part.command.replace(/ --lang (ja|en)\b/g, ''));
}

// What the Japanese document has otherwise than the English one: headings and their levels, commands and their order.
export function differenceOfLanguages(english, japanese) {
  if (headings(english).join(' ') !== headings(japanese).join(' ')) {
    return `the headings differ: ${headings(english).join(' ')} and ${headings(japanese).join(' ')}`;
  }
  const [one, other] = [commands(english), commands(japanese)];
  const at = Array.from({length: Math.max(one.length, other.length)}).findIndex((_, i) => one[i] !== other[i]);
  return at < 0 ? '' : `the commands differ:\n  ${one[at] ?? '(none)'}\n  ${other[at] ?? '(none)'}`;
}

// Relative links: [{link, target}] without anchors.
export function links(text) {
  return [...text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map((match) => match[1]).filter((link) => !/^[a-z]+:/.test(link));
}
