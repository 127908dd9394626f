// A certificate, checked by a library that knows nothing of this program: jose.
import assert from 'node:assert/strict';
import {gunzipSync} from 'node:zlib';
import {badgeFaults, unneeded} from './open_badge.mjs';
import {createLocalJWKSet, decodeProtectedHeader, jwtVerify} from 'jose';

const SERVICE = 'tsunagu.training.v1';
const PURPOSE = {'tsunagu-purpose': 'test'};

const day = (year, month, date) => ({year, month, day: date});
const nameIn = (credential) => credential.credentialSubject.identifier[0].identityHash;

async function complete({caller}, display_name) {
  const ask = (method, request) => caller.unary(`${SERVICE}.${method}`, request, PURPOSE);
  const {curricula} = await ask('CurriculumService/ListCurriculumTemplates', {});
  assert.deepEqual(curricula.map((one) => one.series),
      ['coordinator', 'coordinator-follow-up', 'supporter', 'care-type-1', 'care-type-2', 'care-type-3',
        'nurse-employed', 'nurse-seeking']);
  const {name: _, ...nurse} = curricula.find((one) => one.series === 'nurse-employed');
  const curriculum = await ask('CurriculumService/CreateCurriculum',
      {curriculum: {...nurse, certificate_months: 600}, curriculum_id: 'nurse-1'});
  const course = await ask('CourseService/CreateCourse', {course_id: 'node', course: {display_name: '見本研修',
    curriculum: curriculum.name, fiscal_year: 2024, hosts: ['areas/310000'], capacity: 3, issuer: '見本県知事',
    start_date: day(2024, 4, 1), end_date: day(2024, 9, 30)}});
  const learner = await ask('LearnerService/CreateLearner', {learner: {display_name, body: 'areas/310000'}});
  const enrollment = await ask('EnrollmentService/CreateEnrollment', {parent: course.name,
    enrollment: {learner: learner.name, nominating_body: 'areas/310000', rank: 1, ground: 'GROUND_OTHER'}});
  await ask('CourseService/SelectLearners', {name: course.name});
  for (const subject of curriculum.subjects) {
    const session = await ask('SessionService/CreateSession', {parent: course.name, session: {
      held_date: day(2024, 5, Number(subject.code)), start_minute: 540, end_minute: 540 + subject.minutes,
      mode: 'MODE_ON_SITE', lessons: [{subject: subject.code, minutes: subject.minutes}]}});
    await ask('AttendanceService/CreateAttendance', {parent: enrollment.name,
      attendance: {session: session.name, subject: subject.code, minutes: subject.minutes}});
  }
  return ask('CertificateService/IssueCertificate', {enrollment: enrollment.name});
}

export async function certificateOfAnybody(context) {
  const {caller} = context;
  const holder = '𠮷田 髙子';
  const certificate = await complete(context, holder);
  const {jwks, status_list} = await caller.unary(`${SERVICE}.CertificateService/GetVerificationKeys`, {});
  const keys = createLocalJWKSet(JSON.parse(jwks));
  const {payload, protectedHeader} = await jwtVerify(certificate.token, keys);
  assert.equal(protectedHeader.alg, 'EdDSA');
  assert.equal(payload.jti, payload.id);
  assert.equal(payload.iss, payload.issuer.id);
  assert.ok(payload.id.endsWith(certificate.number));
  assert.deepEqual(badgeFaults(payload), []);
  assert.ok(payload.validUntil, 'with all that a credential of ours can have');
  assert.deepEqual(unneeded(payload), ['name', 'credentialStatus', 'id'],
      'of issuer and status: whatever else is left out is found');
  assert.equal(nameIn(payload), holder);
  assert.equal(payload.issuer.name, '見本県知事');
  const said = JSON.stringify(payload);
  for (const never of ['areas/', 'learners/', 'enrollments/', 'client']) assert.ok(!said.includes(never), never);

  // A bit in a list that is signed too says that it does not hold any more.
  const listed = async (token) => {
    const {payload: list} = await jwtVerify(token, keys);
    const encoded = list.credentialSubject.encodedList;
    assert.equal(encoded[0], 'u');
    const bits = gunzipSync(Buffer.from(encoded.slice(1), 'base64url'));
    const index = Number(payload.credentialStatus.statusListIndex);
    return (bits[index >> 3] & (0x80 >> (index & 7))) !== 0;
  };
  assert.equal(await listed(status_list), false);
  await caller.unary(`${SERVICE}.CertificateService/RevokeCertificate`, {name: certificate.name, reason: '見本'});
  const after = await caller.unary(`${SERVICE}.CertificateService/GetVerificationKeys`, {});
  assert.equal(await listed(after.status_list), true);

  // Somebody else's key does not do.
  const other = structuredClone(JSON.parse(jwks));
  other.keys[0].x = Buffer.alloc(32, 1).toString('base64url');
  other.keys[0].kid = decodeProtectedHeader(certificate.token).kid;
  await assert.rejects(jwtVerify(certificate.token, createLocalJWKSet(other)));
}
