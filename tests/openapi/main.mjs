// The OpenAPI document as a running server gives it: a linter finds nothing, and every path that it names is served.
// node tests/openapi/main.mjs build/bin/tsunagu serve
import {createConfig, lintFromString} from '@redocly/openapi-core';
import assert from 'node:assert/strict';
import process from 'node:process';
import {Server} from '../clients/server.mjs';

const verbs = ['get', 'post', 'put', 'patch', 'delete'];

async function lint(source) {
  const config = await createConfig({extends: ['recommended-strict'], rules: {'info-license': 'off'}});
  const problems = await lintFromString({source, absoluteRef: 'openapi.json', config});
  return problems.map((one) => `${one.ruleId} ${one.location[0]?.pointer}: ${one.message}`);
}

// A linter that finds nothing in anything would please everybody.
async function lintFindsWhatItIsFor(document) {
  const broken = structuredClone(document);
  const [path] = Object.keys(broken.paths).filter((one) => one.includes('{'));
  const [verb] = Object.keys(broken.paths[path]);
  delete broken.paths[path][verb].parameters;
  delete broken.paths[path][verb].operationId;
  broken.components.schemas.Error.type = 'thing';
  const rules = (await lint(JSON.stringify(broken))).map((one) => one.split(' ')[0]);
  for (const rule of ['path-parameters-defined', 'operation-operationId', 'struct']) {
    assert(rules.includes(rule), `the linter does not find what breaks ${rule}: ${rules}`);
  }
}

// With a key, and ids that nobody has: whatever the answer is, it comes from the method.
async function everyOperationIsServed(server, document) {
  let count = 0;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const verb of verbs.filter((one) => one in operations)) {
      const {operationId} = operations[verb];
      const url = `http://${server.address}${path.replace('{service}', 'registry').replaceAll(/\{[^}]*\}/g, 'x1')}`;
      const answer = await fetch(url, {
        method: verb.toUpperCase(),
        headers: {authorization: `Bearer ${server.key}`, 'content-type': 'application/json'},
        body: verb === 'get' ? undefined : '{"no_such_field": 1}',
      });
      const body = await answer.text();
      if (verb !== 'get') assert.equal(answer.status, 400, `${operationId}: ${body}`);
      assert(![401, 403, 405, 500].includes(answer.status), `${operationId}: ${answer.status} ${body}`);
      assert(!body.includes('PATH_NOT_FOUND'), `${operationId}: ${url}`);
      ++count;
    }
  }
  return count;
}

const server = await Server.start(process.argv.slice(2));
try {
  const source = await (await fetch(`http://${server.address}/openapi.json`)).text();
  const document = JSON.parse(source);
  assert.deepEqual(await lint(source), []);
  await lintFindsWhatItIsFor(document);
  const count = await everyOperationIsServed(server, document);
  assert(count > 300, `${count} operations`);
  console.log(`${count} operations, none refused by the linter`);
} finally {
  await server.remove();
}
