// Matching, with all that it needs from the caller: works where no registry runs.
import assert from 'node:assert/strict';

const OPERATIONS = 'tsunagu.platform.v1.OperationService';
const ROUNDS = 'tsunagu.matching.v1.RoundService';

export async function solveFromSnapshot({caller}) {
  const nurse = (id, more) => ({name: `nurses/${id}`, licence: 'LICENCE_NURSE', skills: ['SKILL_SUCTION'],
    weekly_minutes: 1200, home_mesh: '53341112', commute_limit_metres: 20000, wishes: ['facilities/f'], ...more});
  const opening = {name: 'openings/o', facility: 'facilities/f', latitude_e6: 35500000, longitude_e6: 134230000,
    posts: 1, licences: ['LICENCE_NURSE'], required_skills: ['SKILL_SUCTION'], weekly_minutes: 1200};
  const snapshot = {nurses: [nurse('a', {}), nurse('b', {skills: []})], openings: [opening]};

  const round = await caller.unary(`${ROUNDS}/CreateRound`, {round: {display_name: '見本'}, round_id: 'node'});
  assert.equal(round.name, 'rounds/node');
  const started = await caller.unary(`${ROUNDS}/SolveRound`, {name: round.name, snapshot});
  assert.match(started.name, /^services\/matching\/operations\//);
  const done = await caller.unary(`${OPERATIONS}/WaitOperation`, {name: started.name});
  assert.deepEqual([done.done, done.result], [true, 'response']);
  const solved = done.response;
  assert.equal(solved['@type'], 'type.googleapis.com/tsunagu.matching.v1.Round');
  assert.match(solved.result_digest, /^[0-9a-f]{64}$/);
  const {assignments} = await caller.unary(`${ROUNDS}/ListAssignments`, {parent: round.name},
      {'tsunagu-purpose': 'test'});
  assert.deepEqual(assignments.map((one) => [one.nurse, one.opening, one.main_blocker]),
      [['nurses/a', 'openings/o', 'BLOCKER_UNSPECIFIED'], ['nurses/b', '', 'BLOCKER_SKILLS']]);
  const verdict = await caller.unary(`${ROUNDS}/VerifySolution`, {name: round.name});
  assert.deepEqual([verdict.stable, verdict.findings], [true, []]);
  const rows = await caller.collect(`${ROUNDS}/ReadSnapshot`, {name: round.name}, {'tsunagu-purpose': 'audit'});
  assert.deepEqual(rows.flatMap((part) => part.nurses).map((row) => row.name), ['nurses/a', 'nurses/b']);
}
