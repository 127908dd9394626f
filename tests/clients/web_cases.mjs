// The same server by its other ways in: gRPC, Connect and gRPC-Web over TLS, streams included.
import assert from 'node:assert/strict';
import https from 'node:https';
import {createFileRegistry, fromBinary} from '@bufbuild/protobuf';
import {FileDescriptorSetSchema} from '@bufbuild/protobuf/wkt';
import {Code, ConnectError, createClient} from '@connectrpc/connect';
import {createConnectTransport, createGrpcTransport, createGrpcWebTransport} from '@connectrpc/connect-node';
import {Caller, refused} from './calls.mjs';

const AREAS = 'tsunagu.registry.v1.AreaService';
const TRANSFER = 'tsunagu.platform.v1.TransferService';
const NEW_AREAS = [{parent: 'services/registry', collection: 'areas', dry_run: true},
  {data: Buffer.from('団体コード,種別,名称,上位の地域\r\n313866,町,琴浦町,areas/310000\r\n')}];

export async function grpcOverTls({server, packages, caller}) {
  const secure = new Caller(server.web, packages, server.key, server.certificate);
  const name = 'areas/310000';
  assert.deepEqual(await secure.unary(`${AREAS}/GetArea`, {name}), await caller.unary(`${AREAS}/GetArea`, {name}));
  const absent = await refused(secure.unary(`${AREAS}/GetArea`, {name: 'areas/312045'}));
  assert.deepEqual([absent.code, absent.reason, absent.resource], ['NOT_FOUND', 'AREA_NOT_FOUND', 'areas/312045']);
  const exported = {parent: 'services/registry', collection: 'areas'};
  const rows = (pieces) => Buffer.concat(pieces.map((piece) => piece.data)).toString();
  assert.equal(rows(await secure.collect(`${TRANSFER}/ExportRows`, exported)),
      rows(await caller.collect(`${TRANSFER}/ExportRows`, exported)));
  const imported = await secure.exchange(`${TRANSFER}/ImportRows`, NEW_AREAS);
  assert.equal(imported.at(-1).summary.created_count, '1');
  secure.close();
}

// What the server says that it speaks, for clients that build themselves.
function descriptors(server) {
  return new Promise((resolve, reject) => {
    https.get(`https://${server.web}/descriptors.binpb`, {ca: server.certificate}, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece)).on('end', () => resolve(Buffer.concat(pieces)));
    }).on('error', reject);
  });
}

// A client of the Connect project for each protocol and version of HTTP that it can be had with.
export async function connectClients({server, caller}) {
  const files = fromBinary(FileDescriptorSetSchema, await descriptors(server));
  const registry = createFileRegistry(files);
  const options = (httpVersion) => ({baseUrl: `https://${server.web}`, httpVersion,
    nodeOptions: {ca: server.certificate},
    interceptors: [(next) => (request) => {
      request.header.set('authorization', `Bearer ${server.key}`);
      request.header.set('accept-language', 'en');
      return next(request);
    }]});
  const transports = {
    'gRPC': createGrpcTransport(options('2')),
    'gRPC-Web 1.1': createGrpcWebTransport(options('1.1')),
    'gRPC-Web 2': createGrpcWebTransport(options('2')),
    'Connect JSON 1.1': createConnectTransport(options('1.1')),
    'Connect JSON 2': createConnectTransport(options('2')),
    'Connect binary': createConnectTransport({...options('2'), useBinaryFormat: true}),
  };
  const known = await caller.unary(`${AREAS}/GetArea`, {name: 'areas/310000'});
  for (const [way, transport] of Object.entries(transports)) {
    const areas = createClient(registry.getService(AREAS), transport);
    const area = await areas.getArea({name: 'areas/310000'});
    assert.deepEqual([area.name, area.displayName, area.etag], [known.name, known.display_name, known.etag], way);
    await assert.rejects(areas.getArea({name: 'areas/312045'}),
        (error) => error instanceof ConnectError && error.code === Code.NotFound && error.details.length > 0, way);
    const transfer = createClient(registry.getService(TRANSFER), transport);
    let size = 0;
    for await (const piece of transfer.exportRows({parent: 'services/registry', collection: 'areas'})) {
      size += piece.data?.length ?? 0;
    }
    assert.ok(size > 0, way);
  }
}
