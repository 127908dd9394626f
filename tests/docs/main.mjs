// Runs the commands in the console blocks of README.md, docs/tour and docs/operations, and compares what they print with
// what stands there; the same with the Japanese documents, which have the same headings and commands.
//
//   node tests/docs/main.mjs [--bin FOLDER] [--write]     --write puts what was printed into the documents
//
// In a block (```console), a line "$ …" is a command, and the lines behind it are its output. … alone on a line stands
// for any lines, … at the end of a line for the rest of the line. What differs from run to run is in patterns.mjs.
// The documents are read in the order in which README.md links to them, then those of docs/operations, against one
// server with the sample for each language, as with ./run. Each document has a shell of its own.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {align, corrected, differenceOfLanguages, differs, join, links, parse} from './document.mjs';
import {Session} from './session.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const MOST_BYTES = {'README.md': 8_000, 'README.ja.md': 10_000};
// Pages with commands that cannot run here, in blocks of another language than console, and what runs them.
const RUN_ELSEWHERE = {
  'README.md': './run and ./test: .ci/run',
  'docs/operations/databases.md': 'MariaDB: tests/process/migrate_test.cc',
  'docs/operations/installation.md': 'a server that runs until it is stopped: tests/process/start_test.cc',
  'docs/operations/processes.md': 'servers of one service each: tests/process/apart_test.cc',
  'docs/tour/web.md': 'clients in other languages: tests/clients',
};
// Languages of blocks that hold no commands.
const NO_COMMANDS = ['text', 'console'];
let failures = 0;

function fail(text) {
  ++failures;
  console.log(text);
}

const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const japaneseOf = (file) => file.replace(/\.md$/, '.ja.md');

// README.md, and the pages of docs/tour in the order of its links. A page that it does not link to is a failure.
function documents() {
  const linked = links(read('README.md')).filter((link) => /^docs\/tour\/[^/]+\.md$/.test(link));
  const pages = [...new Set(linked)];
  for (const name of fs.readdirSync(path.join(root, 'docs/tour'))) {
    const page = `docs/tour/${name.replace(/\.ja\.md$/, '.md')}`;
    if (!pages.includes(page)) fail(`docs/tour/${name}: README.md has no link to it`);
  }
  return ['README.md', ...pages];
}

function checkLinks(file) {
  for (const link of links(read(file))) {
    if (!fs.existsSync(path.join(root, path.dirname(file), link))) fail(`${file}: there is no ${link}`);
  }
}

// A block of commands that nothing runs is a failure.
function checkBlocks(file) {
  let inside = false;
  for (const [index, line] of read(file).split('\n').entries()) {
    if (!line.startsWith('```')) continue;
    inside = !inside;
    if (!inside || NO_COMMANDS.includes(line.slice(3)) || RUN_ELSEWHERE[file.replace(/\.ja\.md$/, '.md')]) continue;
    fail(`${file}:${index + 1}: a block of commands is \`\`\`console, so that it is run`);
  }
}

function checkText(file) {
  for (const one of [file, japaneseOf(file)]) {
    checkLinks(one);
    checkBlocks(one);
    const bytes = Buffer.byteLength(read(one));
    if (bytes > (MOST_BYTES[one] ?? Infinity)) fail(`${one}: ${bytes} bytes are more than ${MOST_BYTES[one]}`);
  }
  const difference = differenceOfLanguages(read(file), read(japaneseOf(file)));
  if (difference) fail(`${file} and ${japaneseOf(file)}: ${difference}`);
}

async function runCommands(session, file, write) {
  const parts = parse(read(file));
  session.openShell();
  let changed = false;
  for (const part of parts.filter((each) => each.command)) {
    const changes = align(part.expected, await session.run(part.command));
    if (!differs(changes)) continue;
    changed = true;
    part.expected = corrected(changes);
    if (!write) fail(`${file}:${part.line}: $ ${part.command}\n${changes.map((pair) => pair.join(' ')).join('\n')}\n`);
  }
  if (changed && write) {
    fs.writeFileSync(path.join(root, file), join(parts));
    console.log(`${file}: written`);
  }
}

async function runAll(bin, language, files, write) {
  const session = await Session.start(bin, root, language);
  try {
    for (const file of files) await runCommands(session, file, write);
  } finally {
    await session.remove();
  }
}

const flags = process.argv.slice(2);
const write = flags.includes('--write');
const bin = flags.includes('--bin') ? flags[flags.indexOf('--bin') + 1] : path.join(root, 'build/bin');
const operations = fs.readdirSync(path.join(root, 'docs/operations')).filter((each) => !each.endsWith('.ja.md')).sort();
const files = [...documents(), ...operations.map((each) => `docs/operations/${each}`)];
files.forEach(checkText);
checkLinks('CONTRIBUTING.md');
await runAll(bin, 'en', files, write);
await runAll(bin, 'ja', files.map(japaneseOf), write);
console.log(failures ? `${failures} differences (node tests/docs/main.mjs --write puts in what is printed)` :
    `ok ${files.length} documents in two languages`);
process.exit(failures ? 1 : 0);
