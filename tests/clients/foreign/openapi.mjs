// schemathesis invents requests from /openapi.json of a running server, over TLS: nothing may be a fault of the server, and
// every answer has to be one that the document promises.
//
//   node openapi.mjs FOLDER EXAMPLES BINARY [serve]     EXAMPLES: requests for each operation
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {Server} from '../server.mjs';

const CHECKS = [
  'not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance',
  'response_headers_conformance', 'unsupported_method', 'allow_header_conformance', 'ignored_auth',
];
// A caller may say that he waits no time at all (X-Server-Timeout: 0): then 504 is the truth.
const CONFIGURATION = '[checks]\nnot_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 504]\n';
// Sends what comes until its deadline, ten minutes later.
const ENDLESS = 'ChangeService_Watch';
const SECONDS = 480;
// Python 3.11 fails now and then where two threads parse at once (its issue 106905), and a second one gains little.
const WORKERS = 1;

const [built, examples, ...command] = process.argv.slice(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsunagu-openapi-'));
const server = await Server.start(command, ['--web-listen', '127.0.0.1:0', '--web-tls', '--log-level', 'error']);
try {
  const certificate = path.join(folder, 'server.pem');
  fs.writeFileSync(certificate, server.certificate);
  fs.writeFileSync(path.join(folder, 'schemathesis.toml'), CONFIGURATION);
  const schemathesis = spawn(path.join(built, 'python/bin/schemathesis'), [
    'run', `https://${server.web}/openapi.json`, '--tls-verify', certificate,
    '--header', `Authorization: Bearer ${server.key}`, '--exclude-operation-id', ENDLESS,
    '--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing', '--max-examples', examples,
    '--seed', '20260402', '--max-time', String(SECONDS), '--request-timeout', '20', '--workers', String(WORKERS),
    '--continue-on-failure', '--warnings', 'off', '--no-color', '--generation-database', 'none',
  ], {cwd: folder, stdio: ['ignore', 'inherit', 'inherit']});
  process.exitCode = await new Promise((resolve) => {
    schemathesis.on('exit', (code) => resolve(code ?? 1));
    schemathesis.on('error', (error) => console.error(error) ?? resolve(1));
  });
} finally {
  await server.remove();
  fs.rmSync(folder, {recursive: true, force: true});
}
process.exit();
