// grpcurl, grpc-health-probe and ghz: what they print and how they end.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const AREAS = 'tsunagu.registry.v1.AreaService';
const TRANSFER = 'tsunagu.platform.v1.TransferService';
const CALLS = 2000;

// Everything it prints, and its exit code.
function run(command, input = '') {
  return new Promise((resolve, reject) => {
    const [program, ...rest] = command;
    const child = spawn(program, rest, {timeout: 60_000});
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => { text += piece; });
    child.on('error', reject);
    child.on('close', (code) => resolve({code, text}));
    child.stdin.on('error', () => {});  // it may end before it has read
    child.stdin.end(input);
  });
}

// tools(…)[tool][case]() is rejected where it went otherwise than it has to.
export function tools(built, folder, address) {
  const file = (name) => path.join(folder, name);
  const key = `authorization: Bearer ${fs.readFileSync(file('admin.key'), 'utf8')}`;
  const token = `authorization: Bearer ${fs.readFileSync(file('token'), 'utf8')}`;
  const certificate = ['-cert', file('client.pem'), '-key', file('client.key')];

  // What grpcurl prints has to hold all of `wanted`.
  const grpcurl = (flags, what, wanted, {input, fails = false, trust = 'server.pem'} = {}) => async () => {
    const command = [path.join(built, 'grpcurl'), '-cacert', file(trust), ...flags, address, ...what];
    const {code, text} = await run(command, input);
    for (const word of wanted) assert.ok(text.includes(word), `"${word}" is not in ${text.slice(0, 1000)}`);
    assert.equal(code !== 0, fails, text.slice(0, 1000));
  };
  const asks = (request, ...more) => ['-H', key, '-H', 'accept-language: en', ...more, '-d', JSON.stringify(request)];
  const areas = {parent: 'services/registry', collection: 'areas'};
  const rows = fs.readFileSync(file('refused.csv'));
  const pieces = [];
  for (let at = 0; at < rows.length; at += 1000) pieces.push({data: rows.subarray(at, at + 1000).toString('base64')});

  const probe = (flags, wanted, fails = false) => async () => {
    const command = [path.join(built, 'grpc-health-probe'), '-addr', address, '-tls', '-tls-server-name', 'localhost', ...flags];
    const {code, text} = await run(command);
    assert.ok(text.includes(wanted), text);
    assert.equal(code !== 0, fails, text);
  };
  const ofServer = ['-tls-ca-cert', file('server.pem')];

  // Every call has to be answered.
  const ghz = (method, request, calls, {atOnce = '40', flags = []} = {}) => async () => {
    const metadata = JSON.stringify({authorization: key.split(': ')[1]});
    const {text} = await run([path.join(built, 'ghz'), '--cacert', file('server.pem'), '--call', method,
      '-d', JSON.stringify(request), '-m', metadata, '-n', String(calls), '-c', atOnce, '--format', 'json', ...flags,
      address]);
    assert.deepEqual(JSON.parse(text).statusCodeDistribution, {OK: calls}, text.slice(0, 1000));
  };

  return {
    grpcurl: {
      unary: grpcurl(asks({name: 'areas/310000'}), [`${AREAS}/GetArea`], ['"displayName": "鳥取県"']),
      server_stream: grpcurl(asks(areas), [`${TRANSFER}/ExportRows`], ['"rowCount": "2"']),
      both_streams: grpcurl(['-H', key, '-d', '@'], [`${TRANSFER}/ImportRows`], ['"refusedCount": "3000"'],
          {input: [{...areas, dryRun: true}, ...pieces].map((one) => JSON.stringify(one)).join('\n')}),
      refusal: grpcurl(asks({name: 'areas/312045'}), [`${AREAS}/GetArea`],
          ['Code: NotFound', 'Message: Not found: areas/312045', 'google.rpc.ErrorInfo', '"reason": "AREA_NOT_FOUND"'],
          {fails: true}),
      all_faults: grpcurl(asks({area: {code: '310001', displayName: '長'.repeat(61)}}), [`${AREAS}/CreateArea`],
          ['Code: InvalidArgument', '"field": "area.code"', '"field": "area.display_name"'], {fails: true}),
      deadline: grpcurl(asks({parent: 'services/registry'}, '-max-time', '1'),
          ['tsunagu.platform.v1.ChangeService/Watch'], ['"bookmark"', 'Code: DeadlineExceeded'], {fails: true}),
      nobody: grpcurl(['-d', '{}'], [`${AREAS}/GetArea`], ['Code: Unauthenticated'], {fails: true}),
      token: grpcurl(['-H', token, '-d', '{"name": "areas/310000"}'], [`${AREAS}/GetArea`], ['鳥取県']),
      certificate: grpcurl([...certificate, '-d', '{"name": "areas/310000"}'], [`${AREAS}/GetArea`], ['鳥取県']),
      foreign_server: grpcurl(asks({}), [`${AREAS}/GetArea`], ['unknown authority'],
          {fails: true, trust: 'clients-ca.pem'}),
      health: grpcurl(['-d', '{"service": "registry"}'], ['grpc.health.v1.Health/Check'], ['"SERVING"']),
      reflection: async () => {
        await grpcurl([], ['list'], [AREAS, TRANSFER, 'grpc.health.v1.Health'])();
        await grpcurl([], ['describe', `${AREAS}.UpdateArea`], ['rpc UpdateArea', 'patch: "/registry/v1/'])();
        await grpcurl([], ['describe', 'tsunagu.registry.v1.Area'], ['message Area', 'display_name'])();
      },
    },
    'grpc-health-probe': {
      certificate: probe([...ofServer, '-tls-client-cert', file('client.pem'), '-tls-client-key', file('client.key')], 'SERVING'),
      // It does not say why.
      foreign_server: probe(['-tls-ca-cert', file('clients-ca.pem')], 'failed to connect', true),
      health: async () => {
        await probe(ofServer, 'SERVING')();
        await probe([...ofServer, '-service', 'registry'], 'SERVING')();
        await probe([...ofServer, '-service', 'no.such.Service'], 'NotFound', true)();
      },
    },
    ghz: {
      unary: ghz(`${AREAS}.GetArea`, {name: 'areas/310000'}, CALLS),  // learns the contract by reflection
      // Of the 32 streams that a caller may have at a time.
      server_stream: ghz(`${TRANSFER}.ExportRows`, areas, CALLS / 10,
          {atOnce: '30', flags: ['--protoset', file('descriptors.binpb')]}),
      many_at_once: ghz(`${AREAS}.GetArea`, {name: 'areas/310000'}, CALLS, {atOnce: '600'}),
    },
  };
}
