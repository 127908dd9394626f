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
    field('The page has at most this many records; omitted: 50. More than 1,000 counts as 1,000.',
          `int32 page_size = ${number}`, OPTIONAL, rule('max: 2147483647'));
const retrySafety = (number) => [
  field('Makes a retry safe: for at least 7 days, a request that is repeated with the same id gets the same answer.',
        `string request_id = ${number}`, OPTIONAL, rule('max_length: 64')),
  field('If true, the service checks the request and stores nothing.', `bool validate_only = ${number + 1}`, OPTIONAL),
];

// numbers({parent}): the number of a field in a request that has a parent as its first where the resource has one.
const numbers = ({parent}) => (number) => number + (parent ? 1 : 0);
const listedParent = ({parent, many}) =>
    parent && `The ${many} under this ${parent.word} are returned: ${parent.pattern}. With the id -, those under all ` +
                  `are returned: ${parent.all}.`;

function getMessages(resource) {
  return [request(`Get${resource.message}`, [
    name(resource, 'return'),
    field('If set, the record is returned as the service knew it at this time, and the metadata ' +
              'tsunagu-journal-place of the answer is the place that the journal had reached. Errors: NOT_YET_KNOWN ' +
              'if the time is in the future.',
          'google.protobuf.Timestamp as_known_at = 2', OPTIONAL),
  ])];
}

function listMessages(resource) {
  const at = numbers(resource);
  return [
    request(`List${resource.Many}`, [
      ...parentField(resource, listedParent(resource)),
      pageSize(at(1)),
      field('The next_page_token of the page before. The other fields must select the same records in the same ' +
                'order as in that request.', `string page_token = ${at(2)}`, OPTIONAL,
            rule('max_length: 2000')),
      field('If set, only records that fulfil this condition are returned: comparisons with AND, OR and NOT, as in ' +
                'AIP-160.', `string filter = ${at(3)}`, OPTIONAL,
            rule('max_length: 1000')),
      field('The fields by which the records are sorted, separated by commas; " desc" after a field makes it ' +
                'descending.', `string order_by = ${at(4)}`, OPTIONAL,
            rule('max_length: 200')),
      field('If set, the records are returned as the service knew them at this time, sorted by name, and the ' +
                'metadata tsunagu-journal-place of the answer is the place that the journal had reached. Errors: ' +
                'NOT_YET_KNOWN if the time is in the future, ORDER_OF_KNOWN_LIST if order_by is set too.',
            `google.protobuf.Timestamp as_known_at = ${at(5)}`, OPTIONAL),
      ...(resource.hasPeriod ? [field('If set, only records that are valid on this day are returned.',
                                      `google.type.Date as_of_date = ${at(6)}`, OPTIONAL)] : []),
    ]),
    response(`List${resource.Many}`, [
      field('The records of this page.', `repeated ${resource.message} ${resource.rows} = 1`),
      field('The page_token of the next page. The last page has none.', 'string next_page_token = 2'),
    ]),
  ];
}

// The number of the id stays free where the caller chooses none.
function createMessages(resource) {
  const {parent, one, message: type, field: record, idIsChosen} = resource;
  const at = numbers(resource);
  const id = field(`The id of the ${one}. If it is omitted, the service makes one.`,
                   `string ${record}_id = ${at(2)}`, OPTIONAL);
  return [request(`Create${type}`, [
    ...parentField(resource, parent && `The ${one} is created under this ${parent.word}: ${parent.pattern}.`),
    field(`The ${one} to create.`, `${type} ${record} = ${at(1)}`, REQUIRED),
    ...(idIsChosen ? [id] : []),
    ...retrySafety(at(3)),
  ])];
}

function updateMessages({one, message: type, field: record}) {
  return [request(`Update${type}`, [
    field(`The ${one} with its name, its new values, and the etag that the caller has read.`, `${type} ${record} = 1`,
          REQUIRED),
    field('The names of the fields to change.', 'google.protobuf.FieldMask update_mask = 2', REQUIRED),
    ...retrySafety(3),
  ])];
}

function searchMessages(resource) {
  const at = numbers(resource);
  const day = field('If set, only persons who were born on this day are returned.',
                    `google.type.Date birth_date = ${at(2)}`, OPTIONAL);
  return [
    request(`Search${resource.Many}`, [
      ...parentField(resource, listedParent(resource)),
      field('The whole name of the person, or its kana.', `string display_name = ${at(1)}`, REQUIRED),
      ...(resource.hasBirthDate ? [day] : []),
      pageSize(at(3)),
    ]),
    response(`Search${resource.Many}`, [
      field('Everybody who was found within the caller\'s scope.', `repeated ${resource.message} ${resource.rows} = 1`),
    ]),
  ];
}

function endMessages(resource) {
  return [request(`End${resource.message}`, [
    name(resource, 'end'),
    field('The last day on which it is valid.', 'google.type.Date end_date = 2', REQUIRED),
    field('The etag that the caller has read. If it is omitted, it is not compared.', 'string etag = 3', OPTIONAL),
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
