// The marks of standard blocks: where they are, and what they ask for.
import {Fault} from './fault.mjs';

const VERBS = ['Get', 'List', 'Create', 'Update', 'Search', 'End'];
const ANY_MARK = /^\s*\/\/\s*(end )?standard (rpcs|messages)\b/i;
const BEGIN = /^\s*\/\/ standard (rpcs|messages): (\w+(?: \w+)*)$/;
const END = /^\s*\/\/ end standard (rpcs|messages)$/;

// readVerbs("Get List", 17): the verbs that the mark in this line names.
function readVerbs(text, line) {
  const verbs = text.split(' ');
  const known = VERBS.filter((verb) => verbs.includes(verb));
  if (known.join(' ') !== text) {
    throw new Fault(line, `指定できるのは、この順で ${VERBS.join(' ')} です。`,
                    `A mark names some of these, in this order: ${VERBS.join(' ')}`);
  }
  return verbs;
}

// One of the two kinds each, and both for the same verbs.
function checkPair(blocks) {
  const [rpcs, messages, ...more] = blocks;
  if (rpcs?.kind === 'rpcs' && messages?.kind === 'messages' && more.length === 0 &&
      rpcs.verbs.join() === messages.verbs.join()) return;
  throw new Fault(blocks.at(-1).begin + 1,
                  '「standard rpcs」と「standard messages」を、この順で一つずつ、同じ動詞で書いてください。',
                  'A file has one block "standard rpcs" and then one "standard messages", both with the same verbs.');
}

// The blocks of a file as {kind, verbs, begin, end}, which are the lines of its marks, counted from 0.
export function findBlocks(lines) {
  const blocks = [];
  let open = null;
  lines.forEach((text, at) => {
    if (!ANY_MARK.test(text)) return;
    const begin = BEGIN.exec(text), end = END.exec(text);
    if (begin && !open) {
      open = {kind: begin[1], verbs: readVerbs(begin[2], at + 1), begin: at};
    } else if (end && open?.kind === end[1]) {
      blocks.push({...open, end: at});
      open = null;
    } else {
      throw new Fault(at + 1,
                      'この印は使えません。「// standard rpcs: Get List」で始め、「// end standard rpcs」で終えてください。',
                      'This is no mark here. A block is from "// standard rpcs: Get List" to "// end standard rpcs".');
    }
  });
  if (open) {
    throw new Fault(open.begin + 1, `「// end standard ${open.kind}」がありません。`,
                    `"// end standard ${open.kind}" is missing.`);
  }
  if (blocks.length > 0) checkPair(blocks);
  return blocks;
}
