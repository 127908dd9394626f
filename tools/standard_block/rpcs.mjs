// The standard methods of a resource.
import {Fault} from './fault.mjs';
import {apart, comment} from './layout.mjs';

const get = (path) => [`option (google.api.http) = {get: "${path}"};`];
const send = (verb, path, body) => ['option (google.api.http) = {', `  ${verb}: "${path}"`, `  body: "${body}"`, '};'];
const reads = (permission) => [`option (tsunagu.method) = {permission: "${permission}"};`];
const writes = (permission) =>
    ['option (tsunagu.method) = {', `  permission: "${permission}"`, '  mutating: true', '};'];

function rpc(about, name, answer, options) {
  return [
    ...comment('  ', about),
    `  rpc ${name}(${name}Request) returns (${answer}) {`,
    ...options.map((line) => `    ${line}`),
    '  }',
  ];
}

// Where the rows of one parent, or all rows, are listed and created.
function collectionPath({root, parent, collection}) {
  return parent ? `${root}/{parent=${parent.glob}}/${collection}` : `${root}/${collection}`;
}

function getRpc({message, one, word, root, glob, collection, scoped, personal}) {
  const seen = scoped ? ', or none within the caller\'s scope' : '';
  const fails = `Fails with ${word}_NOT_FOUND where there is none${seen}.`;
  const masked = personal ? ' What is personal is masked without a permission and a purpose to see it.' : '';
  return rpc(`Returns one ${one}. ${fails}${masked}`, `Get${message}`, message, [
    ...get(`${root}/{name=${glob}}`),
    'option (google.api.method_signature) = "name";',
    ...reads(`${collection}.read`),
  ]);
}

function listRpc(resource) {
  const {Many, many, collection, parent, scoped} = resource;
  const which = (parent ? ` of one ${parent.word}, or of all,` : '') + (scoped ? ' within the caller\'s scope,' : '');
  return rpc(`Lists the ${many}${which} page by page, stable under concurrent writes.`, `List${Many}`,
             `List${Many}Response`, [...get(collectionPath(resource)), ...reads(`${collection}.read`)]);
}

function createRpc(resource) {
  const {message, one, field, word, parent, collection, idIsChosen, idIsCode, hasUnique} = resource;
  const taken = [idIsChosen || idIsCode ? `${word}_EXISTS` : '', hasUnique ? 'VALUE_TAKEN' : ''].filter(Boolean);
  const reasons = taken.length > 0 ? `${taken.join(' or ')}, or ` : '';
  const above = parent ? `${parent.reason}_NOT_FOUND or PARENT_ENDED, ` : '';
  return rpc(`Creates one ${one}. Fails with ${above}${reasons}INVALID_REQUEST with every fault at once.`, `Create${message}`,
             message, [...send('post', collectionPath(resource), field), ...writes(`${collection}.write`)]);
}

// What stands in the way of a change.
function changeFails({personal}) {
  const erased = personal ? ', with SUBJECT_ERASED where the person\'s data was erased' : '';
  return `Fails with ETAG_MISMATCH where somebody was faster${erased}.`;
}

function updateRpc(resource) {
  const {message, field, root, glob, collection} = resource;
  return rpc(`Changes the fields named in the mask. ${changeFails(resource)}`, `Update${message}`, message,
             [...send('patch', `${root}/{${field}.name=${glob}}`, field), ...writes(`${collection}.write`)]);
}

function searchRpc(resource) {
  const {Many, many, message, line, collection, hasBirthDate, isSearchable} = resource;
  if (!isSearchable) {
    throw new Fault(line, `${message} には searchable な display_name がないため、Search は生成できません。`,
                    `${message} has no searchable display_name: Search cannot be generated.`);
  }
  const day = hasBirthDate ? ', optionally by birth date too' : '';
  const about = `Finds ${many} by exact name (any width, kana or glyph variant)${day}.`;
  return rpc(`${about} Fails with PURPOSE_REQUIRED without a purpose, and with TOO_MANY_FOUND where more are found than the page takes.`, `Search${Many}`, `Search${Many}Response`,
             [...send('post', `${collectionPath(resource)}:search`, '*'), ...reads(`${collection}.search`)]);
}

function endRpc(resource) {
  const {message, one, root, glob, collection} = resource;
  return rpc(`Ends one ${one} with the day given. ${changeFails(resource)}`, `End${message}`, message,
             [...send('post', `${root}/{name=${glob}}:end`, '*'), ...writes(`${collection}.write`)]);
}

const OF_VERB = {Get: getRpc, List: listRpc, Create: createRpc, Update: updateRpc, Search: searchRpc, End: endRpc};

// The lines of these methods.
export function rpcs(resource, verbs) {
  return apart(verbs.map((verb) => OF_VERB[verb](resource)));
}
