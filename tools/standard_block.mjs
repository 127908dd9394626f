// Writes the standard blocks of the contracts anew: what every resource has, between two marks in its .proto. A block
// is made from its mark and from the file's resource message, and from nothing else.
//
//   node tools/standard_block.mjs           rewrites the blocks in place
//   node tools/standard_block.mjs --check   changes nothing, and fails where a block is not as it is generated
//
// A folder as last argument stands for the tree that this script is in. The marks, in the service and below it:
//
//   // standard rpcs: Get List Create Update Search End
//   // end standard rpcs
//   // standard messages: Get List Create Update Search End
//   // end standard messages
import {existsSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {findBlocks} from './standard_block/marks.mjs';
import {messages} from './standard_block/messages.mjs';
import {readResource} from './standard_block/resource.mjs';
import {rpcs} from './standard_block/rpcs.mjs';

const COMMAND = 'node tools/standard_block.mjs';
const GENERATED = {rpcs, messages};

function readArguments(given) {
  const options = {check: false, tree: join(dirname(fileURLToPath(import.meta.url)), '..')};
  for (const argument of given) {
    if (argument === '--check') {
      options.check = true;
    } else if (argument.startsWith('-')) {
      fail(`${argument} という指定はありません。指定できるのは --check です。`,
           `There is no option ${argument}. There is --check.`);
    } else {
      options.tree = argument;
    }
  }
  return options;
}

// complain <Japanese> <English>
function complain(ja, en) {
  console.error(`${ja}\n${en}`);
}

// fail <Japanese> <English>: says it and ends the script.
function fail(ja, en) {
  complain(ja, en);
  process.exit(1);
}

// Contracts, and those that only tests know.
function protosOf(tree) {
  return ['protos/tsunagu', 'common/testing'].filter((root) => existsSync(join(tree, root)))
      .flatMap((root) => readdirSync(join(tree, root), {recursive: true})
          .filter((name) => name.endsWith('.proto')).sort().map((name) => `${root}/${name}`));
}

// The lines of a block with its marks.
function linesOf(block, resource) {
  const indent = block.kind === 'rpcs' ? '  ' : '';
  return [
    `${indent}// standard ${block.kind}: ${block.verbs.join(' ')}`, '',
    ...GENERATED[block.kind](resource, block.verbs), '',
    `${indent}// end standard ${block.kind}`,
  ];
}

// The file with its blocks generated anew. Marks have an empty line on both sides, or they would be comments of what
// stands beside them.
function generate(text) {
  const lines = text.split('\n');
  const blocks = findBlocks(lines);
  if (blocks.length === 0) return text;
  const resource = readResource(text);
  for (const block of blocks.reverse()) {
    let {begin, end} = block;
    while (lines[begin - 1] === '') --begin;
    while (lines[end + 1] === '') ++end;
    const last = end + 1 >= lines.length || lines[end + 1] === '}';
    lines.splice(begin, end - begin + 1, '', ...linesOf(block, resource), ...(last ? [] : ['']));
  }
  return lines.join('\n').replace(/\n*$/, '\n');
}

// Names the first line that is not as it is generated.
function tellDifference(name, before, after) {
  const [found, wanted] = [before.split('\n'), after.split('\n')];
  const at = wanted.findIndex((line, index) => line !== found[index]);
  const line = at < 0 ? wanted.length : at;
  complain(`${name}:${line + 1}: 標準のブロックが、生成されるものと違います。直すには: ${COMMAND}`,
           `The standard block is not as it is generated. To mend it: ${COMMAND}`);
  console.error(`  - ${found[line] ?? ''}\n  + ${wanted[line] ?? ''}`);
}

// Generates one file. True where it is as it should be when this returns.
function treat(tree, name, check) {
  const path = join(tree, name);
  const before = readFileSync(path, 'utf8');
  let after;
  try {
    after = generate(before);
  } catch (fault) {
    if (!fault.ja) throw fault;
    complain(`${name}:${fault.line}: ${fault.ja}`, fault.en);
    return false;
  }
  if (after === before) return true;
  if (check) {
    tellDifference(name, before, after);
    return false;
  }
  writeFileSync(path, after);
  console.log(`${name}: 書き直しました。\nRewritten.`);
  return true;
}

const {check, tree} = readArguments(process.argv.slice(2));
const faulty = protosOf(tree).filter((name) => !treat(tree, name, check));
process.exitCode = faulty.length > 0 ? 1 : 0;
