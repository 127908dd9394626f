// What the Open Badges Specification 3.0 (1EdTech, final, with VC Data Model 2.0) requires of an AchievementCredential and
// of the classes within it, as far as ours has them. Its JSON schema is in no registry that this project takes packages
// from, so that the multiplicities of the specification stand here: a property is [kind, '1' | '?' | '+' | '*'].
// A property that is not named is not allowed here, though the specification allows extensions: one that is misspelled
// would be no property at all to whoever reads the credential.

const URI = /^[a-z][a-z0-9+.-]*:\S+$/i;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;  // DateTimeZ: never without its zone
// IdentifierTypeEnum.
const IDENTIFIER_TYPES = ['name', 'sourcedId', 'systemId', 'productId', 'userName', 'accountId', 'emailAddress',
  'nationalIdentityNumber', 'isbn', 'issn', 'lisSourcedId', 'oneRosterSourcedId', 'sisSourcedId', 'ltiContextId',
  'ltiDeploymentId', 'ltiToolId', 'ltiPlatformId', 'ltiUserId', 'identifier'];

const text = (value) => typeof value === 'string' && value !== '';
const uri = (value) => typeof value === 'string' && URI.test(value);
const time = (value) => typeof value === 'string' && DATE_TIME.test(value) && !Number.isNaN(Date.parse(value));
const seconds = (value) => Number.isInteger(value);
const truth = (value) => typeof value === 'boolean';
const is = (wanted) => (value) => value === wanted;

const CLASSES = {
  credential: {
    '@context': [uri, '+'], 'id': [uri, '1'], 'type': [text, '+'], 'name': [text, '?'], 'description': [text, '?'],
    'issuer': ['profile', '1'], 'validFrom': [time, '1'], 'validUntil': [time, '?'], 'awardedDate': [time, '?'],
    'credentialSubject': ['subject', '1'], 'credentialStatus': ['status', '?'],
    // Claims of the JSON Web Token beside the credential (Proof Format of JSON Web Tokens).
    'iss': [uri, '1'], 'jti': [uri, '1'], 'nbf': [seconds, '1'], 'exp': [seconds, '?'], 'sub': [uri, '?'],
  },
  profile: {id: [uri, '1'], type: [text, '+'], name: [text, '?']},
  subject: {id: [uri, '?'], type: [text, '+'], identifier: ['identity', '*'], achievement: ['achievement', '1']},
  identity: {type: [is('IdentityObject'), '1'], hashed: [truth, '1'], identityHash: [text, '1'],
    identityType: [(value) => IDENTIFIER_TYPES.includes(value), '1'], salt: [text, '?']},
  achievement: {id: [uri, '1'], type: [text, '+'], name: [text, '1'], description: [text, '1'],
    criteria: ['criteria', '1']},
  criteria: {id: [uri, '?'], narrative: [text, '?']},
  status: {id: [uri, '?'], type: [is('BitstringStatusListEntry'), '1'], statusPurpose: [is('revocation'), '1'],
    statusListIndex: [(value) => /^\d+$/.test(value), '1'], statusListCredential: [uri, '1']},
};
const TYPES = {credential: ['VerifiableCredential', 'OpenBadgeCredential'], profile: ['Profile'],
  subject: ['AchievementSubject'], achievement: ['Achievement']};

function faultsOf(object, name, path) {
  if (object === null || typeof object !== 'object' || Array.isArray(object)) return [`${path}: no object`];
  const faults = Object.keys(object).filter((key) => !(key in CLASSES[name])).map((key) => `${path}.${key}: not known`);
  for (const [key, [kind, times]] of Object.entries(CLASSES[name])) {
    const value = object[key], at = `${path}.${key}`;
    if (value === undefined) {
      if (times === '1' || times === '+') faults.push(`${at}: missing`);
      continue;
    }
    const many = times === '+' || times === '*';
    if (many !== Array.isArray(value) || (times === '+' && value.length === 0)) {
      faults.push(`${at}: ${times}`);
      continue;
    }
    (many ? value : [value]).forEach((one, i) => {
      const where = many ? `${at}[${i}]` : at;
      if (typeof kind === 'string') faults.push(...faultsOf(one, kind, where));
      else if (!kind(one)) faults.push(`${where}: not allowed`);
    });
  }
  for (const type of TYPES[name] ?? []) {
    if (!(object.type ?? []).includes(type)) faults.push(`${path}.type: without ${type}`);
  }
  return faults;
}

// What of the specification the payload of a token does not keep; nothing where it keeps all.
export function badgeFaults(payload) {
  const faults = faultsOf(payload, 'credential', '$');
  const [base, badges] = payload['@context'] ?? [];
  if (base !== 'https://www.w3.org/ns/credentials/v2') faults.push('$.@context[0]: not that of VC 2.0');
  if (!/^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context-3\.0\.\d\.json$/.test(badges)) {
    faults.push('$.@context[1]: not that of Open Badges 3.0');
  }
  const subject = payload.credentialSubject ?? {};
  if (subject.id === undefined && !(subject.identifier?.length > 0)) faults.push('$.credentialSubject: nobody');
  const criteria = subject.achievement?.criteria ?? {};
  if (criteria.id === undefined && criteria.narrative === undefined) faults.push('$…criteria: empty');
  // What stands in the token twice says the same.
  if (payload.iss !== payload.issuer?.id) faults.push('$.iss: not the issuer');
  if (payload.jti !== payload.id) faults.push('$.jti: not the id');
  if (payload.sub !== subject.id) faults.push('$.sub: not the subject');
  if (payload.nbf !== Date.parse(payload.validFrom) / 1000) faults.push('$.nbf: not validFrom');
  if (payload.exp !== (payload.validUntil && Date.parse(payload.validUntil) / 1000)) faults.push('$.exp: not validUntil');
  return faults;
}

// Each object with each property that it has.
function* propertiesOf(object) {
  for (const [key, value] of Object.entries(object)) {
    yield [object, key];
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && typeof one === 'object') yield* propertiesOf(one);
    }
  }
}

// The properties that a payload can be without and keep the specification: of all others the absence is found, which
// proves the check.
export function unneeded(payload) {
  const names = [];
  const count = [...propertiesOf(payload)].length;
  for (let i = 0; i < count; ++i) {
    const copy = structuredClone(payload);
    const [object, key] = [...propertiesOf(copy)][i];
    delete object[key];
    if (badgeFaults(copy).length === 0) names.push(key);
  }
  return names;
}
