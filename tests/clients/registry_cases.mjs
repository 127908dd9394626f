// What a program written in another language does with the registry.
import assert from 'node:assert/strict';
import {refused} from './calls.mjs';

const AREAS = 'tsunagu.registry.v1.AreaService';
const NURSES = 'tsunagu.registry.v1.NurseService';
const TRANSFER = 'tsunagu.platform.v1.TransferService';
const PARENT = {parent: 'services/registry'};

const TOTTORI = {code: '310000', kind: 'AREA_KIND_PREFECTURE', display_name: '鳥取県', kana: 'トットリケン',
  valid_from_date: {year: 1881, month: 9, day: 12}};

export async function createGetList({caller}) {
  const created = await caller.unary(`${AREAS}/CreateArea`, {area: TOTTORI, request_id: 'node-1'});
  assert.equal(created.name, 'areas/310000');
  assert.equal(created.display_name, '鳥取県');
  assert.deepEqual(created.valid_from_date, TOTTORI.valid_from_date);
  assert.notEqual(created.etag, '');
  assert.deepEqual(await caller.unary(`${AREAS}/GetArea`, {name: created.name}), created);
  assert.deepEqual(await caller.unary(`${AREAS}/CreateArea`, {area: TOTTORI, request_id: 'node-1'}), created,
      'the same request_id gets the same answer');

  for (const [code, display_name] of [['312011', '鳥取市'], ['312029', '米子市'], ['312037', '倉吉市']]) {
    await caller.unary(`${AREAS}/CreateArea`,
        {area: {code, kind: 'AREA_KIND_CITY', display_name, parent: 'areas/310000'}});
  }
  const names = [];
  let page_token = '';
  do {
    const page = await caller.unary(`${AREAS}/ListAreas`, {page_size: 3, page_token, order_by: 'code desc'});
    assert.ok(page.areas.length <= 3);
    names.push(...page.areas.map((area) => area.name));
    page_token = page.next_page_token;
  } while (page_token !== '');
  assert.deepEqual(names, ['areas/312037', 'areas/312029', 'areas/312011', 'areas/310000']);
  const filtered = await caller.unary(`${AREAS}/ListAreas`, {filter: 'parent = "areas/310000" AND code < "312030"'});
  assert.deepEqual(filtered.areas.map((area) => area.display_name), ['鳥取市', '米子市']);
}

export async function updateWithMask({caller}) {
  const before = await caller.unary(`${AREAS}/GetArea`, {name: 'areas/312011'});
  const area = {...before, kana: 'トットリシ', display_name: '無視される'};
  const after = await caller.unary(`${AREAS}/UpdateArea`, {area, update_mask: {paths: ['kana']}});
  assert.equal(after.kana, 'トットリシ');
  assert.equal(after.display_name, '鳥取市');
  const stale = await refused(caller.unary(`${AREAS}/UpdateArea`, {area, update_mask: {paths: ['kana']}}));
  assert.deepEqual([stale.code, stale.reason], ['ABORTED', 'ETAG_MISMATCH']);
}

export async function refusals({caller, anonymous}) {
  const unknown = await refused(anonymous.unary(`${AREAS}/GetArea`, {name: 'areas/310000'}));
  assert.deepEqual([unknown.code, unknown.reason], ['UNAUTHENTICATED', 'UNAUTHENTICATED']);

  const absent = await refused(caller.unary(`${AREAS}/GetArea`, {name: 'areas/312045'}));
  assert.deepEqual([absent.code, absent.reason, absent.resource], ['NOT_FOUND', 'AREA_NOT_FOUND', 'areas/312045']);

  const taken = await refused(caller.unary(`${AREAS}/CreateArea`, {area: TOTTORI}));
  assert.deepEqual([taken.code, taken.reason], ['ALREADY_EXISTS', 'AREA_EXISTS']);

  const reused = await refused(caller.unary(`${AREAS}/CreateArea`,
      {area: {...TOTTORI, kana: 'ベツ'}, request_id: 'node-1'}));
  assert.deepEqual([reused.code, reused.fields.map((violation) => [violation.field, violation.reason])],
      ['INVALID_ARGUMENT', [['request_id', 'REQUEST_ID_REUSED']]]);

  const faulty = {code: '310001', kind: 99, display_name: '長'.repeat(61),
    valid_from_date: {year: 2023, month: 2, day: 29}};
  const english = await refused(caller.unary(`${AREAS}/CreateArea`, {area: faulty}));
  assert.deepEqual([english.code, english.reason], ['INVALID_ARGUMENT', 'INVALID_REQUEST']);
  const paths = english.fields.map((violation) => violation.field).sort();
  assert.deepEqual(paths, ['area.code', 'area.display_name', 'area.kind', 'area.valid_from_date']);
  assert.match(english.text, /^[\x20-\x7e]+$/);
  const japanese = await refused(
      caller.unary(`${AREAS}/CreateArea`, {area: faulty}, {'accept-language': 'ja-JP,en;q=0.5'}));
  assert.equal(japanese.reason, english.reason);
  assert.match(japanese.text, /誤り/);
  for (const violation of japanese.fields) assert.match(violation.description, /[ぁ-ん一-龠]/, violation.field);
}

export async function personalData({caller}) {
  const nurse = {display_name: '見本 葛󠄀子', kana: 'ミホン カツコ', licence: 'LICENCE_NURSE', skills: ['SKILL_SUCTION'],
    weekly_minutes: 1200, home_mesh: '53341112', commute_limit_metres: 12000, seeking: true};
  const {name} = await caller.unary(`${NURSES}/CreateNurse`, {nurse}, {'tsunagu-purpose': 'test'});
  const seen = await caller.unary(`${NURSES}/GetNurse`, {name}, {'tsunagu-purpose': 'test'});
  assert.equal(seen.display_name, nurse.display_name, 'variation selectors are kept');
  assert.equal(seen.home_mesh, nurse.home_mesh);
  const masked = await caller.unary(`${NURSES}/GetNurse`, {name});
  assert.deepEqual([masked.display_name, masked.kana, masked.home_mesh], ['', '', '']);
  assert.equal(masked.weekly_minutes, 1200);
}

export async function importAndExport({caller}) {
  const csv = Buffer.from('団体コード,種別,名称,上位の地域\r\n' +
      '313025,町,岩美町,areas/310000\r\n' +
      '313256,町,若桜町,areas/310000\r\n' +  // wrong check digit
      '313289,町\r\n' +
      '313297,町,八頭町,areas/310000\r\n');
  const pieces = [];  // cut without regard to characters and lines
  for (let at = 0; at < csv.length; at += 7) pieces.push({data: csv.subarray(at, at + 7)});
  const head = {...PARENT, collection: 'areas'};
  const dry = await caller.exchange(`${TRANSFER}/ImportRows`, [{...head, dry_run: true}, ...pieces]);
  assert.deepEqual([dry.at(-1).summary.dry_run, dry.at(-1).summary.created_count], [true, '2']);

  const answers = await caller.exchange(`${TRANSFER}/ImportRows`, [{...head, request_id: 'node-csv'}, ...pieces]);
  const {summary} = answers.at(-1);
  assert.deepEqual([summary.row_count, summary.created_count, summary.refused_count], ['4', '2', '2']);
  const rows = answers.filter((answer) => answer.row).map((answer) => answer.row);
  assert.deepEqual(rows.map((row) => [row.row, row.refused, row.faults[0].reason, row.faults[0].column]), [
    ['3', true, 'WRONG_CHECK_DIGIT', '団体コード'],
    ['4', true, 'WRONG_COLUMN_COUNT', ''],
  ]);
  const again = await caller.exchange(`${TRANSFER}/ImportRows`, [{...head, request_id: 'node-csv'}, ...pieces]);
  assert.deepEqual(again, answers, 'the same file with the same request_id has the same outcome');

  const exported = await caller.collect(`${TRANSFER}/ExportRows`, head, {'accept-language': 'ja'});
  const text = Buffer.concat(exported.map((piece) => piece.data)).toString('utf8');
  assert.equal(text.charCodeAt(0), 0xfeff, 'Excel needs the byte order mark');
  const lines = text.slice(1).trimEnd().split('\r\n');
  assert.ok(lines[0].split(',').includes('団体コード'), lines[0]);
  assert.equal(lines.length, 1 + 6);
  assert.equal(exported.at(-1).row_count, '6');

  const workbook = await caller.collect(`${TRANSFER}/ExportRows`, {...head, format: 'FILE_FORMAT_XLSX'});
  const data = Buffer.concat(workbook.map((piece) => piece.data));
  assert.equal(data.subarray(0, 2).toString(), 'PK');
  const back = await caller.exchange(`${TRANSFER}/ImportRows`, [{...head, format: 'FILE_FORMAT_XLSX', data}]);
  assert.equal(back.at(-1).summary.unchanged_count, '6');
}

export async function manyAtOnce({caller}) {
  const answers = await Promise.all(Array.from({length: 200},
      (_, i) => caller.unary(`${AREAS}/GetArea`, {name: i % 2 ? 'areas/310000' : 'areas/312011'})));
  answers.forEach((area, i) => assert.equal(area.code, i % 2 ? '310000' : '312011'));
}
