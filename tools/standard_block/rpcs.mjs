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
  const seen = scoped ? ' within the caller\'s scope' : '';
  const masked =
      personal ? ' Personal fields are masked unless the caller has a permission and a purpose to see them.' : '';
  return rpc(`Returns one ${one}.${masked} Errors: ${word}_NOT_FOUND if there is none${seen}.`, `Get${message}`, message, [
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
  const reasons = taken.length > 0 ? `${taken.join(', ')}, ` : '';
  const above = parent ? `${parent.reason}_NOT_FOUND, PARENT_ENDED, ` : '';
  return rpc(`Creates one ${one}. Errors: ${above}${reasons}INVALID_REQUEST with every fault at once.`,
             `Create${message}`, message, [...send('post', collectionPath(resource), field), ...writes(`${collection}.write`)]);
}

// What stands in the way of a change.
function changeFails({personal}) {
  const erased = personal ? ', SUBJECT_ERASED if the data of the person was erased' : '';
  return `Errors: ETAG_MISMATCH if another caller has changed it since${erased}.`;
}

function updateRpc(resource) {
  const {message, field, root, glob, collection} = resource;
  return rpc(`Changes the fields that the mask names. ${changeFails(resource)}`, `Update${message}`, message,
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
  const errors =
      'Errors: PURPOSE_REQUIRED without a purpose, TOO_MANY_FOUND if more are found than fit into the page.';
  return rpc(`${about} ${errors}`, `Search${Many}`, `Search${Many}Response`,
             [...send('post', `${collectionPath(resource)}:search`, '*'), ...reads(`${collection}.search`)]);
}

function endRpc(resource) {
  const {message, one, root, glob, collection} = resource;
  return rpc(`Ends one ${one} on the given day. ${changeFails(resource)}`, `End${message}`, message,
             [...send('post', `${root}/{name=${glob}}:end`, '*'), ...writes(`${collection}.write`)]);
}

const OF_VERB = {Get: getRpc, List: listRpc, Create: createRpc, Update: updateRpc, Search: searchRpc, End: endRpc};

// The lines of these methods.
export function rpcs(resource, verbs) {
  return apart(verbs.map((verb) => OF_VERB[verb](resource)));
}
