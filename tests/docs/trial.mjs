// The comparison of documents finds what it is for.
import assert from 'node:assert/strict';
import {align, corrected, differenceOfLanguages, differs, join, links, parse} from './document.mjs';

const page = `# A
\`\`\`console
$ echo 'one
two' \\
  three
one
two three
$ true
\`\`\`
text
\`\`\`
$ not a command
\`\`\`
`;
const commands = parse(page).filter((part) => part.command);
assert.deepEqual(commands.map((part) => part.command), ["echo 'one\ntwo' \\\n  three", 'true']);
assert.deepEqual(commands.map((part) => part.expected), [['one', 'two three'], []]);
assert.equal(join(parse(page)), page);
assert.throws(() => parse('```console\noutput\n```'), /begins with a command/);

const nurse = 'nurses/06h1eh7pk0r8m7szbnvfppm74c';
for (const [name, expected, actual, different] of [
  ['the same', ['a', 'b'], ['a', 'b'], false],
  ['another line', ['a', 'b'], ['a', 'c'], true],
  ['one more', ['a'], ['a', 'b'], true],
  ['one less', ['a', 'b'], ['a'], true],
  ['nothing expected', [], ['a'], true],
  ['any lines', ['a', '…', 'd'], ['a', 'b', 'c', 'd'], false],
  ['no line is any lines', ['a', '…'], ['a'], false],
  ['lines around any lines', ['a', '…', 'd'], ['a', 'b', 'c'], true],
  ['the rest of a line', ['{"token":"a…'], ['{"token":"abc"}'], false],
  ['not its beginning', ['{"token":"a…'], ['{"other":"abc"}'], true],
  ['another id', [nurse], ['nurses/06h2183mxk9wna0ze55wnfjzhc'], false],
  ['another collection', [nurse], ['rounds/06h2183mxk9wna0ze55wnfjzhc'], true],
  ['an id of ours', ['facilities/sample-31-001'], ['facilities/sample-31-002'], true],
  ['another time', ['2026-11-26T09:52:05.2Z'], ['2027-01-01T00:00:00Z'], false],
  ['another day', ['2026-11-26'], ['2026-11-27'], true],
  ['another digest', ['ab'.repeat(32)], ['cd'.repeat(32)], false],
  ['other seconds', ['match 0.04 s'], ['match 1.23 s'], false],
  ['another count', ['40 rows'], ['41 rows'], true],
  ['another distance', ['0.8 km'], ['0.9 km'], true],
]) {
  assert.equal(differs(align(expected, actual)), different, name);
}
assert.deepEqual(corrected(align(['a', '…', 'x', 'e'], ['a', 'b', 'c', 'd', 'e'])), ['a', '…', 'd', 'e']);
assert.deepEqual(corrected(align([nurse, 'x'], ['nurses/06h2183mxk9wna0ze55wnfjzhc', 'y'])), [nurse, 'y']);

assert.equal(differenceOfLanguages(page, page.replace('# A', '# い').replace('true', 'true --lang ja')), '');
assert.match(differenceOfLanguages(page, page.replace('# A', '## A')), /headings/);
assert.match(differenceOfLanguages(page, page.replace('true', 'false')), /commands/);
assert.match(differenceOfLanguages(page, page.replace('$ true\n', '')), /commands/);
assert.deepEqual(links('[a](b.md#c) [d](https://e) [f](g/)'), ['b.md', 'g/']);
console.log('ok');
