// Clients that are not ours, over TLS, to a server that takes keys, tokens and certificates: each says of each case how
// it went, and a table shows it.
//
//   node main.mjs FOLDER BINARY [serve]     FOLDER is what run has built
import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {Caller, DETAILS} from '../calls.mjs';
import {describe, listServices} from '../reflection.mjs';
import {Server} from '../server.mjs';
import {tools} from './tools.mjs';

const CASES = {
  unary: 'an answer',
  server_stream: 'a file comes as a stream',
  both_streams: '3,000 rows go in while each is refused',
  refusal: 'an error with its details, in two languages',
  all_faults: 'all faults of a request at once',
  deadline: 'a stream that its deadline ends',
  cancel: 'a stream that is given up',
  many_at_once: 'hundreds of calls at a time, more than a connection has streams',
  too_large: 'a message of 5 MiB is refused, the connection stays',
  compressed: 'a compressed message is refused',
  nobody: 'without a key',
  token: 'with a JWT',
  certificate: 'with a client certificate and no key',
  foreign_server: 'the client refuses a server that it does not trust',
  old_tls: 'TLS 1.2 is refused',
  health: 'grpc.health.v1',
  reflection: 'reflection',
  nothing_left: 'no call is left in progress afterwards',
};
const REFUSED_ROWS = 3000;
const PATIENCE_MS = 120_000;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsunagu-foreign-'));
const here = path.dirname(new URL(import.meta.url).pathname);
const inFolder = (name) => path.join(folder, name);

// An authority of clients, and a certificate by it with a name that the server will know.
function makeClientCertificate() {
  const openssl = (...rest) => execFileSync('openssl', rest, {stdio: 'ignore', cwd: folder});
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  openssl('req', '-x509', ...key, '-subj', '/CN=clients', '-keyout', 'clients-ca.key', '-out', 'clients-ca.pem');
  openssl('req', '-x509', ...key, '-subj', '/CN=client', '-CA', 'clients-ca.pem', '-CAkey', 'clients-ca.key',
      '-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'subjectAltName=URI:spiffe://pref31/client',
      '-keyout', 'client.key', '-out', 'client.pem');
}

async function prepare(server) {
  fs.writeFileSync(inFolder('server.pem'), server.certificate);
  fs.writeFileSync(inFolder('admin.key'), server.key);
  fs.writeFileSync(inFolder('token'), await server.issuer.token('ES256', {}, {seconds: 3600}));
  const bad = Array.from({length: REFUSED_ROWS}, (_, i) => `${String(i).padStart(6, '9')},町,見本${i},areas/310000\r\n`);
  fs.writeFileSync(inFolder('refused.csv'), `団体コード,種別,名称,上位の地域\r\n${bad.join('')}`);
  const descriptors = await fetched(`https://${server.web}/descriptors.binpb`, server.certificate);
  fs.writeFileSync(inFolder('descriptors.binpb'), descriptors);

  const packages = await describe(server.address, [...await listServices(server.address), ...DETAILS]);
  const caller = new Caller(server.address, packages, server.key);
  const csv = '団体コード,種別,名称,上位の地域\r\n310000,都道府県,鳥取県,\r\n312011,市,鳥取市,areas/310000\r\n';
  const answers = await caller.exchange('tsunagu.platform.v1.TransferService/ImportRows',
      [{parent: 'services/registry', collection: 'areas', data: Buffer.from(csv)}]);
  assert.equal(answers.at(-1).summary.created_count, '2');
  await caller.unary('tsunagu.platform.v1.AccessService/SetPrincipal', {
    parent: 'services/registry', principal_id: 'client',
    principal: {
      grants: [{role: 'prefecture-officer', scope: 'areas/310000'}],
      identities: [{issuer: server.issuer.name, value: 'client-1'}, {certificate: 'uri:spiffe://pref31/client'}],
    },
  });
  caller.close();
}

function fetched(url, ca) {
  return new Promise((resolve, reject) => {
    https.get(url, {ca}, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece)).on('end', () => resolve(Buffer.concat(pieces)));
    }).on('error', reject);
  });
}

// What one program said: {unary: true, refusal: "why not"}.
function heard(command, address) {
  return new Promise((resolve) => {
    const [program, ...before] = command;
    execFile(program, [...before, address, folder], {timeout: PATIENCE_MS}, (error, stdout, stderr) => {
      const told = {};
      for (const line of stdout.split('\n')) {
        const [word, name, ...why] = line.split(' ');
        if (word === 'ok' || word === 'no') told[name] = word === 'ok' || why.join(' ');
      }
      if (error) told.itself = `${error.message}\n${stderr}`;
      resolve(told);
    });
  });
}

// Programs of ours with the library of a language; each has every case, but what the library cannot do.
const LIBRARIES = {
  Python: {command: (built) => [path.join(built, 'python/bin/python'), path.join(here, 'python/caller.py')], cannot: ['old_tls']},
  Go: {command: (built) => [path.join(built, 'caller')]},
  Java: {command: (built) => ['java', '-cp', path.join(built, 'java/*'), path.join(here, 'java/Caller.java')]},
};

// Calls that were given up are over here too: of what is in progress nothing is left.
async function nothingIsLeft(server) {
  const end = Date.now() + 10_000;
  for (;;) {
    const text = await (await fetch(server.metrics)).text();
    const left = /^tsunagu_calls_in_flight (\d+)/m.exec(text)?.[1];
    if (left === '0') return true;
    if (Date.now() > end) return `${left} calls are still in progress`;
  }
}

async function run(built, server) {
  const told = {};
  for (const [client, {command}] of Object.entries(LIBRARIES)) {
    told[client] = await heard(command(built), server.web);
    told[client].nothing_left = await nothingIsLeft(server);
  }
  for (const [tool, cases] of Object.entries(tools(built, folder, server.web))) {
    told[tool] = {};
    for (const [name, one] of Object.entries(cases)) {
      told[tool][name] = await one().then(() => true, (difference) => difference.message);
    }
    told[tool].nothing_left = await nothingIsLeft(server);
  }
  return told;
}

function show(told) {
  const width = Math.max(...Object.keys(CASES).map((name) => name.length));
  console.log([''.padEnd(width), ...Object.keys(told)].join('  '));
  const failures = [];
  for (const name of Object.keys(CASES)) {
    const marks = Object.entries(told).map(([client, cases]) => {
      const owed = client in LIBRARIES && !LIBRARIES[client].cannot?.includes(name);
      if (cases[name] === undefined && !owed) return '-'.padEnd(client.length);
      if (cases[name] !== true) failures.push(`${client}, ${name}: ${cases[name] ?? 'it did not say'}`);
      return (cases[name] === true ? 'ok' : 'NO').padEnd(client.length);
    });
    console.log([name.padEnd(width), ...marks, CASES[name]].join('  '));
  }
  for (const [client, cases] of Object.entries(told)) if (cases.itself) failures.push(`${client}: ${cases.itself}`);
  for (const failure of failures) console.error(failure);
  return failures.length;
}

makeClientCertificate();
const [built, ...command] = process.argv.slice(2);
const server = await Server.start(command,
    ['--web-listen', '127.0.0.1:0', '--web-tls', '--web-client-ca', inFolder('clients-ca.pem'), '--issuers', '--admin-listen', '127.0.0.1:0',
      '--log-level', 'error']);
try {
  await prepare(server);
  process.exitCode = show(await run(built, server)) === 0 ? 0 : 1;
} finally {
  await server.remove();
  fs.rmSync(folder, {recursive: true, force: true});
}
process.exit();
