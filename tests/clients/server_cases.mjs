// What a client asks about the server itself.
import assert from 'node:assert/strict';
import {refused} from './calls.mjs';
import {askForSymbol, listServices} from './reflection.mjs';

const HEALTH = 'grpc.health.v1.Health';

export async function reflectionInBothVersions({server, services}) {
  for (const name of ['tsunagu.registry.v1.AreaService', 'tsunagu.platform.v1.TransferService', HEALTH,
    'grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection']) {
    assert.ok(services.includes(name), `${name} in ${services}`);
  }
  assert.deepEqual(await listServices(server.address, 'v1alpha'), services);
  const answer = await askForSymbol(server.address, 'tsunagu.registry.v1.NoSuchService');
  assert.equal(answer.error_response.error_code, 5);
}

export async function everyServiceIsDescribed({services, packages}) {
  for (const name of services) {
    const methods = Object.keys(packages[name] ?? {});
    assert.ok(methods.length > 0, `${name} has methods`);
  }
}

export async function healthOfEachService({caller, anonymous, services}) {
  for (const service of ['', 'registry', ...services]) {
    assert.equal((await anonymous.unary(`${HEALTH}/Check`, {service})).status, 'SERVING', service);
  }
  const unknown = await refused(caller.unary(`${HEALTH}/Check`, {service: 'no.such.Service'}));
  assert.equal(unknown.code, 'NOT_FOUND');
}

export async function healthFollowsShutdown({anonymous, server}) {
  const watched = anonymous.watch(`${HEALTH}/Watch`, {service: 'registry'});
  assert.equal((await watched.next()).status, 'SERVING');
  server.terminate();
  assert.equal((await watched.next()).status, 'NOT_SERVING');
  assert.equal(await server.exited, 0, 'drained');
}
