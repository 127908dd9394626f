// What the standard blocks say of a resource, read from the message that carries google.api.resource.
import {Fault} from './fault.mjs';

// snake("homeVisits") and snake("HomeVisits"): "home_visits".
function snake(camel) {
  return camel.replace(/[A-Z]/g, (letter, at) => (at > 0 ? '_' : '') + letter.toLowerCase());
}

function words(camel) {
  return snake(camel).replaceAll('_', ' ');
}

const withoutComments = (text) => text.replace(/^\s*\/\/.*$/gm, '');

function lineOf(text, offset) {
  return text.slice(0, offset).split('\n').length;
}

// The one message of the file that is a resource, as {name, body, line}; its body without comments.
function resourceMessage(proto) {
  const found = [...proto.matchAll(/^message (\w+) \{\n(.*?)^\}/gms)]
      .map(({1: name, 2: body, index}) => ({name, body: withoutComments(body), line: lineOf(proto, index)}))
      .filter(({body}) => body.includes('option (google.api.resource)'));
  if (found.length !== 1) {
    throw new Fault(found[1]?.line ?? 1, '印のあるファイルには、google.api.resource を持つ message を一つだけ書いてください。',
                    'A file with marks holds exactly one message with google.api.resource.');
  }
  return found[0];
}

// option({body}, "tsunagu.record"): what is between its braces.
function option(message, name) {
  const start = message.body.indexOf(`option (${name})`);
  return start < 0 ? '' : message.body.slice(start, message.body.indexOf('};', start));
}

function text(options, key) {
  return new RegExp(`\\b${key}: *"([^"]*)"`).exec(options)?.[1] ?? '';
}

// patternParts("courses/{course}/sessions/{session}"): {parent: "courses/{course}", collection: "sessions"}.
function patternParts(message, pattern) {
  const parts = /^(?:(\w+\/\{\w+\}(?:\/\w+\/\{\w+\})*)\/)?(\w+)\/\{\w+\}$/.exec(pattern);
  if (!parts) {
    throw new Fault(message.line, 'pattern は collection/{id} で終わるように書いてください。',
                    'Its pattern ends in collection/{id}.');
  }
  return {parent: parts[1] ?? '', collection: parts[2]};
}

// "courses/{course}/sessions/{session}" as the http rules and a list of all have it.
const withIds = (pattern, id) => pattern.replace(/\{\w+\}/g, id);

// The one above a resource: {pattern, glob, all, word, reason}; null where there is none.
function parentOf(pattern) {
  if (pattern === '') return null;
  const word = /\{(\w+)\}$/.exec(pattern)[1].replaceAll('_', ' ');
  return {pattern, word, reason: word.replaceAll(' ', '_').toUpperCase(), glob: withIds(pattern, '*'), all: withIds(pattern, '-')};
}

// "/registry/v1" of the package tsunagu.registry.v1.
function httpRoot(proto) {
  return /^package tsunagu((?:\.\w+)+);/m.exec(proto)?.[1].replaceAll('.', '/') ?? '';
}

export function readResource(proto) {
  const message = resourceMessage(proto);
  const resource = option(message, 'google.api.resource'), record = option(message, 'tsunagu.record');
  const {parent, collection} = patternParts(message, text(resource, 'pattern'));
  return {
    message: message.name, line: message.line,
    type: text(resource, 'type'),
    collection,
    field: snake(message.name), rows: snake(collection),
    one: words(message.name), many: words(collection),
    Many: collection[0].toUpperCase() + collection.slice(1),
    word: snake(message.name).toUpperCase(),
    root: httpRoot(proto),
    glob: withIds(text(resource, 'pattern'), '*'),
    parent: parentOf(parent),
    idIsChosen: !/\bserver_id: *true/.test(record) && text(record, 'id_field') === '',
    idIsCode: text(record, 'id_field') !== '',
    scoped: /\baccess_by:/.test(record) || parent !== '',
    hasPeriod: /\bperiod: *\{/.test(record),
    personal: /\bpersonal: *true/.test(record),
    hasUnique: /\bunique: *true/.test(message.body),
    hasBirthDate: /\bgoogle\.type\.Date birth_date =/.test(message.body),
    isSearchable: /\bstring display_name =/.test(message.body) && /\bsearchable: *true/.test(message.body),
  };
}
