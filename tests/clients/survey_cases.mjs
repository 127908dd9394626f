// A form of a survey in the hands of another library (SheetJS): it reads ours, fills it in, and writes it anew.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as XLSX from 'xlsx';
import {refused} from './calls.mjs';

const RESPONSES = 'tsunagu.registry.v1.SurveyResponseService';
const sample = (name) => JSON.parse(fs.readFileSync(new URL(`../../services/suite/sample/31/${name}`, import.meta.url)));

// The cell to the right of the one that says so.
function cellFor(sheet, label, column) {
  const found = Object.keys(sheet).find((cell) => !cell.startsWith('!') && sheet[cell].v === label);
  assert.ok(found, `no cell says ${label}`);
  return `${column}${found.match(/\d+/)[0]}`;
}

export async function surveyForm({caller}) {
  await caller.unary('tsunagu.registry.v1.SurveyFormService/CreateSurveyForm', sample('surveyForm.json'));
  const round = sample('surveyRound.json');
  const past = {...round.survey_round, as_of_date: {year: 2020, month: 8, day: 1}, due_date: {year: 2020, month: 9, day: 30}};
  await caller.unary('tsunagu.registry.v1.SurveyRoundService/CreateSurveyRound', {...round, survey_round: past});
  const name = `surveyRounds/${round.survey_round_id}/surveyResponses/312011`;
  const {data} = await caller.unary(`${RESPONSES}/MakeSurveyFile`, {name, format: 'FORMAT_XLSX'});

  const book = XLSX.read(data);
  const sheet = book.Sheets[book.SheetNames[0]];
  const texts = Object.values(sheet).map((cell) => cell.v);
  const {display_name, items, layout} = sample('surveyForm.json').survey_form;
  for (const text of [layout.title, ...layout.notes, '鳥取市', ...items.map((item) => item.label)]) {
    assert.ok(texts.some((one) => typeof one === 'string' && one.includes(text)), `${display_name}: ${text}`);
  }
  assert.ok(sheet['!merges'].length > 0, 'headings are merged');

  const answers = {コーディネーターを配置しているか: '有', 配置人数: 3, うち養成研修の修了者: 1, 直営: 1, 委託: 2, 配置の方法: '単独',
    特記事項: '見本'};
  for (const [label, answer] of Object.entries(answers)) {
    const cell = cellFor(sheet, label, 'D');
    sheet[cell] = {...sheet[cell], v: answer, t: typeof answer === 'number' ? 'n' : 's'};
    delete sheet[cell].w;
  }
  const back = (submit) => caller.unary(`${RESPONSES}/ImportSurveyFile`,
      {parent: 'surveyRounds/-', data: XLSX.write(book, {type: 'buffer', bookType: 'xlsx'}), submit});
  sheet[cellFor(sheet, '委託', 'D')].v = 4;
  const wrong = await refused(back(true));
  assert.equal(wrong.code, 'INVALID_ARGUMENT');
  sheet[cellFor(sheet, '委託', 'D')].v = 2;
  const taken = await back(true);
  assert.equal(taken.state, 'STATE_SUBMITTED');
  const values = Object.fromEntries(taken.answers.map((answer) => [answer.item, answer.value]));
  assert.deepEqual(values,
      {placing: '1', persons: '3', trained: '1', planned: '0', own: '1', given: '2', way: '単独', remarks: '見本'});
}
