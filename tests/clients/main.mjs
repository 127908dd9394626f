// A client that is not C++: knows nothing but an address, learns the rest by reflection, and checks what it is told.
//
//   node main.mjs BINARY [serve]     starts that server on a free port, runs the cases in order, stops at a difference
import process from 'node:process';
import {Caller, DETAILS} from './calls.mjs';
import * as matchingCases from './matching_cases.mjs';
import {describe, listServices} from './reflection.mjs';
import * as registryCases from './registry_cases.mjs';
import * as serverCases from './server_cases.mjs';
import {Server} from './server.mjs';
import {surveyForm} from './survey_cases.mjs';
import * as tokenCases from './token_cases.mjs';
import * as trainingCases from './training_cases.mjs';
import * as webCases from './web_cases.mjs';

async function run(server) {
  const services = await listServices(server.address);
  const packages = await describe(server.address, [...services, ...DETAILS]);
  const context = {
    server, services, packages,
    issuer: server.issuer,
    caller: new Caller(server.address, packages, server.key),
    anonymous: new Caller(server.address, packages, ''),
  };
  const {healthFollowsShutdown, ...aboutServer} = serverCases;
  const cases = [
    ...Object.values(aboutServer),
    tokenCases.tokensOfEveryAlgorithm, tokenCases.tokensThatAreNone, tokenCases.keysThatRotate,
    registryCases.createGetList, registryCases.updateWithMask, registryCases.refusals, registryCases.personalData,
    registryCases.importAndExport, surveyForm, registryCases.manyAtOnce,
    ...Object.values(webCases),
    tokenCases.keysOfAnAddress,  // late: half a minute after the start it may ask again
  ];
  if (services.some((name) => name.startsWith('tsunagu.matching.'))) cases.push(...Object.values(matchingCases));
  if (services.some((name) => name.startsWith('tsunagu.training.'))) cases.push(...Object.values(trainingCases));
  cases.push(healthFollowsShutdown);
  for (const one of cases) {
    try {
      await one(context);
    } catch (difference) {
      console.error(`${one.name}:`, difference);
      return 1;
    }
    console.log(`ok ${one.name}`);
  }
  return 0;
}

const server = await Server.start(process.argv.slice(2), ['--web-listen', '127.0.0.1:0', '--web-tls', '--issuers']);
try {
  process.exitCode = await run(server);
} finally {
  await server.remove();
}
process.exit();
