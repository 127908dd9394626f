// The requests and responses of the standard methods. The numbers of their fields are on the wire: never change them.
import {apart, comment} from './layout.mjs';

const REQUIRED = '(google.api.field_behavior) = REQUIRED', OPTIONAL = '(google.api.field_behavior) = OPTIONAL';
const rule = (text) => `(tsunagu.field) = {${text}}`;

function field(about, declaration, ...options) {
  const lines = comment('  ', about);
  if (options.length < 2) return [...lines, `  ${declaration}${options.map((one) => ` [${one}]`).join('')};`];
  return [...lines, `  ${declaration} [`, ...options.join(',\n').split('\n').map((one) => `    ${one}`), '  ];'];
}

function message(about, name, fields) {
  return [...comment('', about), `message ${name} {`, ...fields.flat(), '}'];
}

const request = (method, fields) => message(`Request of ${method}.`, `${method}Request`, fields);
const response = (method, fields) => message(`Response of ${method}.`, `${method}Response`, fields);

// Fields that several messages have.
const name = ({one, type}, purpose) =>
    field(`The ${one} to ${purpose}.`, 'string name = 1', REQUIRED,
          `(google.api.resource_reference) = {type: "${type}"}`);
const parentField = ({parent, type}, about) =>
    parent ? [field(about, 'string parent = 1', REQUIRED,
                    `(google.api.resource_reference) = {child_type: "${type}"}`)] : [];
const pageSize = (number) =>
    field('Most rows to return: default 50; more than 1,000 counts as 1,000.', `int32 page_size = ${number}`, OPTIONAL,
          rule('max: 2147483647'));
const retrySafety = (number) => [
  field('Makes a retry safe: the same id gets the same answer for at least 7 days.', `string request_id = ${number}`,
        OPTIONAL, rule('max_length: 64')),
  field('Checks everything and stores nothing.', `bool validate_only = ${number + 1}`, OPTIONAL),
];

// numbers({parent}): the number of a field in a request that has a parent as its first where the resource has one.
const numbers = ({parent}) => (number) => number + (parent ? 1 : 0);
const listedParent = ({parent, many}) =>
    parent && `The ${parent.word} whose ${many} are meant: ${parent.pattern}. The id - stands for all: ${parent.all}.`;

function getMessages(resource) {
  return [request(`Get${resource.message}`, [
    name(resource, 'return'),
    field('As it was known at that time, instead of now; the metadata tsunagu-journal-place of the answer names the ' +
              'place in the journal. NOT_YET_KNOWN for a time to come.',
          'google.protobuf.Timestamp as_known_at = 2', OPTIONAL),
  ])];
}

function listMessages(resource) {
  const at = numbers(resource);
  return [
    request(`List${resource.Many}`, [
      ...parentField(resource, listedParent(resource)),
      pageSize(at(1)),
      field('From the page before; the other fields as then.', `string page_token = ${at(2)}`, OPTIONAL,
            rule('max_length: 2000')),
      field('Which rows (AIP-160): comparisons with AND, OR, NOT.', `string filter = ${at(3)}`, OPTIONAL,
            rule('max_length: 1000')),
      field('Sortable fields with commas, each with " desc" for falling order.', `string order_by = ${at(4)}`, OPTIONAL,
            rule('max_length: 200')),
      field('As they were known at that time, instead of now, by name; the metadata tsunagu-journal-place of the ' +
                'answer names the place in the journal. NOT_YET_KNOWN for a time to come.',
            `google.protobuf.Timestamp as_known_at = ${at(5)}`, OPTIONAL),
      ...(resource.hasPeriod ? [field('Only those that hold on this day.', `google.type.Date as_of_date = ${at(6)}`,
                                      OPTIONAL)] : []),
    ]),
    response(`List${resource.Many}`, [
      field('The rows.', `repeated ${resource.message} ${resource.rows} = 1`),
      field('For the next page; empty after the last.', 'string next_page_token = 2'),
    ]),
  ];
}

// The number of the id stays free where the caller chooses none.
function createMessages(resource) {
  const {parent, one, message: type, field: record, idIsChosen} = resource;
  const at = numbers(resource);
  const id = field('Its id; left out, the server makes one.', `string ${record}_id = ${at(2)}`, OPTIONAL);
  return [request(`Create${type}`, [
    ...parentField(resource, parent && `The ${parent.word} that it belongs to: ${parent.pattern}.`),
    field(`The ${one} to create.`, `${type} ${record} = ${at(1)}`, REQUIRED),
    ...(idIsChosen ? [id] : []),
    ...retrySafety(at(3)),
  ])];
}

function updateMessages({one, message: type, field: record}) {
  return [request(`Update${type}`, [
    field(`The ${one} with its new values, its name, and the etag as last read.`, `${type} ${record} = 1`, REQUIRED),
    field('The fields to change; required.', 'google.protobuf.FieldMask update_mask = 2', REQUIRED),
    ...retrySafety(3),
  ])];
}

function searchMessages(resource) {
  const at = numbers(resource);
  const day = field('Only those born on this day.', `google.type.Date birth_date = ${at(2)}`, OPTIONAL);
  return [
    request(`Search${resource.Many}`, [
      ...parentField(resource, listedParent(resource)),
      field('Name or kana to look for, whole.', `string display_name = ${at(1)}`, REQUIRED),
      ...(resource.hasBirthDate ? [day] : []),
      pageSize(at(3)),
    ]),
    response(`Search${resource.Many}`, [
      field('All who were found within the caller\'s scope.', `repeated ${resource.message} ${resource.rows} = 1`),
    ]),
  ];
}

function endMessages(resource) {
  return [request(`End${resource.message}`, [
    name(resource, 'end'),
    field('Last day, inclusive.', 'google.type.Date end_date = 2', REQUIRED),
    field('The etag as last read; left out, it is not compared.', 'string etag = 3', OPTIONAL),
    ...retrySafety(4),
  ])];
}

const OF_VERB = {
  Get: getMessages, List: listMessages, Create: createMessages, Update: updateMessages, Search: searchMessages,
  End: endMessages,
};

// The lines of what these methods take and answer.
export function messages(resource, verbs) {
  return apart(verbs.flatMap((verb) => OF_VERB[verb](resource)));
}
