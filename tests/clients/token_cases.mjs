// Callers by tokens that another library has signed.
import assert from 'node:assert/strict';
import {setTimeout} from 'node:timers/promises';
import {exportSPKI, SignJWT, UnsecuredJWT} from 'jose';
import {ALGORITHMS, AUDIENCE} from './issuer.mjs';
import {refused} from './calls.mjs';

const SECONDS_TO_ROTATE = 20, SECONDS_TO_FETCH = 60;

const call = ({anonymous}, token) =>
  anonymous.unary('tsunagu.registry.v1.AreaService/ListAreas', {}, {authorization: `Bearer ${token}`});

async function refusedFor(context, token, reason) {
  const error = await refused(call(context, token));
  assert.deepEqual([error.code, error.reason], ['UNAUTHENTICATED', reason]);
  assert.ok(!error.text.includes(token.split('.')[1]), 'says nothing of the token');
}

export async function tokensOfEveryAlgorithm(context) {
  await context.caller.unary('tsunagu.platform.v1.AccessService/SetPrincipal', {
    parent: 'services/registry', principal_id: 'client',
    principal: {
      grants: [{role: 'prefecture-officer', scope: 'areas/310000'}],
      identities: [{issuer: context.issuer.name, value: 'client-1'}],
    },
  });
  for (const algorithm of ALGORITHMS) {
    await call(context, await context.issuer.token(algorithm));
    await call(context, await context.issuer.token(algorithm, {aud: ['urn:other', AUDIENCE]}, {header: {typ: 'JWT'}}));
    await refusedFor(context, await context.issuer.token(algorithm, {}, {seconds: -1}), 'TOKEN_EXPIRED');
    await refusedFor(context, await context.issuer.token(algorithm, {aud: 'urn:other'}), 'TOKEN_NOT_FOR_US');
    await refusedFor(context, await context.issuer.token(algorithm, {sub: 'client-2'}), 'IDENTITY_UNKNOWN');
  }
}

export async function tokensThatAreNone(context) {
  const {issuer} = context;
  const now = Math.floor(Date.now() / 1000);
  await refusedFor(context, await issuer.token('ES256', {iss: 'https://thief.example'}), 'UNKNOWN_ISSUER');
  await refusedFor(context, await issuer.token('ES256', {nbf: now + 60}), 'TOKEN_NOT_YET_VALID');
  await refusedFor(context, await issuer.token('ES256', {exp: undefined}), 'TOKEN_CLAIM_UNUSABLE');
  await refusedFor(context, await issuer.token('ES256', {}, {header: {typ: 'dpop+jwt'}}), 'TOKEN_TYPE_REFUSED');
  await refusedFor(context, await issuer.token('ES256', {}, {header: {kid: 'unknown'}}), 'UNKNOWN_SIGNING_KEY');
  await refusedFor(context, await issuer.token('RS256', {}, {header: {kid: 'ES256'}}), 'TOKEN_ALGORITHM_REFUSED');
  const claims = {iss: issuer.name, aud: AUDIENCE, sub: 'client-1', exp: now + 60};
  await refusedFor(context, new UnsecuredJWT(claims).encode(), 'TOKEN_ALGORITHM_REFUSED');
  const secret = new TextEncoder().encode(await exportSPKI(issuer.keys.get('RS256').publicKey));
  await refusedFor(context, await new SignJWT(claims).setProtectedHeader({alg: 'HS256', kid: 'RS256'}).sign(secret),
      'TOKEN_ALGORITHM_REFUSED');
  const token = await issuer.token('EdDSA');
  const [header, payload, signature] = token.split('.');
  const other = Buffer.from(JSON.stringify({...JSON.parse(Buffer.from(payload, 'base64url')), sub: 'admin'})).toString('base64url');
  await refusedFor(context, `${header}.${other}.${signature}`, 'TOKEN_SIGNATURE_WRONG');
}

export async function keysThatRotate(context) {
  const {issuer} = context;
  await issuer.addKey('next', 'ES256');
  const token = await issuer.token('next');
  await refusedFor(context, token, 'UNKNOWN_SIGNING_KEY');
  issuer.publish(['next']);
  await goodWithin(SECONDS_TO_ROTATE, context, () => token);
  await refusedFor(context, await issuer.token('ES256'), 'UNKNOWN_SIGNING_KEY');
}

async function goodWithin(seconds, context, newToken) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await call(context, await newToken());
    } catch (error) {
      if (Date.now() > end) throw error;
      await setTimeout(200);
    }
  }
}

// The same where the keys are at an address. A key that is not known makes the server ask there, twice a minute at most.
export async function keysOfAnAddress(context) {
  const {machines, impostor} = context.server;
  await context.caller.unary('tsunagu.platform.v1.AccessService/SetPrincipal', {
    parent: 'services/registry', principal_id: 'machine',
    principal: {
      grants: [{role: 'prefecture-officer', scope: 'areas/310000'}],
      identities: [machines, impostor].map(({name}) => ({issuer: name, value: 'client-1'})),
    },
  });
  await goodWithin(SECONDS_TO_ROTATE, context, () => machines.token('first'));
  const asked = machines.asked;
  await machines.addKey('next', 'EdDSA');
  machines.publish(['next']);
  await refusedFor(context, await machines.token('next'), 'UNKNOWN_SIGNING_KEY');
  await goodWithin(SECONDS_TO_FETCH, context, () => machines.token('next'));
  await refusedFor(context, await machines.token('first'), 'UNKNOWN_SIGNING_KEY');
  assert.ok(machines.asked - asked <= 4, `it was asked ${machines.asked - asked} times`);
  await refusedFor(context, await impostor.token('first'), 'UNKNOWN_SIGNING_KEY');
  assert.equal(impostor.asked, 0, 'nothing is said to a server that nobody vouches for');
}
