// Callers who call as ever while something happens to the servers: half of them by gRPC on one connection that they
// keep, half by REST on a new one for each call; half read, half write. Says at the end what became of their calls.
//
//   node load.mjs --address IP:PORT --host NAME --ca FILE --key FILE --written FILE [--rate N] [--patient]
//
// --patient repeats a call that failed, with the same request id, until it is answered: what is measured then is how
// long callers wait. Ends at SIGTERM, when all calls are answered. Prints JSON.
import fs from 'node:fs';
import https from 'node:https';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';

const {values: flags} = parseArgs({options: {
  address: {type: 'string'}, host: {type: 'string'}, ca: {type: 'string'}, key: {type: 'string'},
  written: {type: 'string'}, rate: {type: 'string', default: '50'}, patient: {type: 'boolean', default: false},
}});
const ca = fs.readFileSync(flags.ca);
const authorization = `Bearer ${fs.readFileSync(flags.key, 'utf8').trim()}`;
const [ip, port] = flags.address.split(':');
const DEADLINE_MS = 10_000;

function rest(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = https.request({host: ip, port, path, method, ca, servername: flags.host, agent: false,
      timeout: DEADLINE_MS, headers: {host: flags.host, authorization, 'content-type': 'application/json'}},
    (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece)).on('error', reject).on('end', () => {
        const text = Buffer.concat(pieces);
        answer.statusCode === 200 ? resolve(text) : reject(new Error(`${answer.statusCode} ${text}`));
      });
    });
    request.on('error', reject).on('timeout', () => request.destroy(new Error('no answer in time')));
    request.end(body && JSON.stringify(body));
  });
}

const REGIONS = 'tsunagu.registry.v1.RegionService';

// The contract is asked of the server.
async function grpcCaller() {
  const contracts = protoLoader.loadFileDescriptorSetFromBuffer(await rest('GET', '/descriptors.binpb'),
      {keepCase: true, enums: String});
  const Client = grpc.makeGenericClientConstructor(contracts[REGIONS], REGIONS);
  const client = new Client(flags.address, grpc.credentials.createSsl(ca),
      {'grpc.ssl_target_name_override': flags.host, 'grpc.default_authority': flags.host});
  const metadata = new grpc.Metadata();
  metadata.set('authorization', authorization);
  return (method, request) => new Promise((resolve, reject) => {
    client[method](request, metadata, {deadline: Date.now() + DEADLINE_MS},
        (error, answer) => error ? reject(error) : resolve(answer));
  });
}

const call = await grpcCaller();
const written = fs.openSync(flags.written, 'w');
const run = `${Date.now().toString(36)}`;
const region = {display_name: '見本圏域', kind: 'REGION_KIND_OTHER'};
let last;  // the name of one that is there

async function write(byGrpc, id) {
  if (byGrpc) await call('CreateRegion', {region_id: id, request_id: id, region});
  else await rest('POST', `/registry/v1/regions?region_id=${id}&request_id=${id}`, region);
  last = `regions/${id}`;
  fs.writeSync(written, `${last}\n`);
}

async function read(byGrpc) {
  const name = last;
  const answer = byGrpc ? await call('GetRegion', {name}) : JSON.parse(await rest('GET', `/registry/v1/${name}`));
  if (answer.name !== name) throw new Error(`asked for ${name}, got ${JSON.stringify(answer)}`);
}

const ways = {};
const failures = [];
let calls = 0, failed = 0, repeated = 0, slowest = 0, ending = false;

async function one(number) {
  const byGrpc = number % 2 === 0, writes = number % 4 < 2;
  const way = `${byGrpc ? 'grpc' : 'rest'} ${writes ? 'write' : 'read'}`;
  const began = Date.now();
  ++calls;
  ways[way] = (ways[way] ?? 0) + 1;
  for (;;) {
    try {
      await (writes ? write(byGrpc, `load-${run}-${number}`) : read(byGrpc));
      break;
    } catch (error) {
      if (failures.length < 20) failures.push(`${new Date().toISOString()} ${way}: ${error.message}`);
      if (!flags.patient || Date.now() - began > 120_000) {
        ++failed;
        break;
      }
      ++repeated;
      await pause(200);
    }
  }
  slowest = Math.max(slowest, Date.now() - began);
}

await one(0);
const running = new Set();
let number = 1;
const clock = setInterval(() => {
  const made = one(number++).finally(() => running.delete(made));
  running.add(made);
}, 1000 / Number(flags.rate));
process.on('SIGTERM', async () => {
  if (ending) return;
  ending = true;
  clearInterval(clock);
  await Promise.all(running);
  console.log(JSON.stringify({calls, failed, repeated, slowest_ms: slowest, ways, failures}));
  process.exit(0);
});
