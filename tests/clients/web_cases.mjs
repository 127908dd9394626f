// The same server by its other way in: gRPC over TLS, streams included.
import assert from 'node:assert/strict';
import {Caller, refused} from './calls.mjs';

const AREAS = 'tsunagu.registry.v1.AreaService';
const TRANSFER = 'tsunagu.platform.v1.TransferService';
const NEW_AREAS = [{parent: 'services/registry', collection: 'areas', dry_run: true},
  {data: Buffer.from('団体コード,種別,名称,上位の地域\r\n313866,町,琴浦町,areas/310000\r\n')}];

export async function grpcOverTls({server, packages, caller}) {
  const secure = new Caller(server.webAddress, packages, server.key, server.certificate);
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
