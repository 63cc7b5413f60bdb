import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connect, type Moot } from '../../src/client/index.js';
import { parseAddress } from '../../src/core/address.js';
import { codeOf } from '../../src/core/errors.js';
import { HeaderSpy } from '../support/header-spy.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
let moot: Moot;
let spy: HeaderSpy | undefined;
beforeAll(async () => {
  await network.start(['Hamlet', 'Impostor']);
  moot = await connect({ registry: network.registry, home: network.home });
});
afterAll(async () => {
  await moot.close();
  await spy?.close();
  await network.stop();
});

/** What it ends in, once something answers there again. */
async function whatAnswers(call: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    const error = await call().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (codeOf(error) !== 'unavailable') return error;
    await pause(50);
  }
}

it('N5 shows no token, an operator’s or a member’s, to another server that has taken the address', async () => {
  const hamlet = network.servers.get('Hamlet');
  const { port } = parseAddress(hamlet?.address ?? '');
  await moot.join('Hamlet', { as: 'ada' });
  const handles = async () => ({
    operator: await moot.operator('Hamlet'),
    moderation: await moot.moderation('Hamlet'),
    member: await moot.community('Hamlet'),
  });
  const calls = ({ operator, moderation, member }: Awaited<ReturnType<typeof handles>>) => [
    () => operator.peers(),
    () => operator.callers(),
    () => operator.connect('Impostor'),
    () => moderation.invites(),
    () => member.load(),
    () => member.publish({ topic: 'a', body: 'b' }),
  ];
  const [used, fresh] = [await handles(), await handles()];
  await used.operator.peers();
  await used.moderation.invites();
  await used.member.load();

  await hamlet?.stop();
  spy = await HeaderSpy.before(parseAddress(network.servers.get('Impostor')?.address ?? '').port, port);
  for (const call of [...calls(used), ...calls(fresh)])
    expect(await whatAnswers(call)).toMatchObject({
      code: 'not_found',
      message: `at localhost:${port} is Impostor now, not Hamlet`,
    });
  expect(spy.calls.length).toBeGreaterThan(0);
  expect(new Set(spy.calls.map(({ path }) => path))).toEqual(new Set(['/moot.v1.CommunityService/Describe']));
  expect(spy.calls.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
});
