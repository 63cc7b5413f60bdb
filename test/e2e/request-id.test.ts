import { afterAll, expect, it } from '@jest/globals';
import { type Daemon, Processes } from '../support/processes.js';

const network = new Processes();
afterAll(() => network.close());

/** `moot.v1.X/Y` lines of the log, with their fields. */
function calls(daemon: Daemon): readonly { path: string; code: string; requestId: string; caller: string }[] {
  const line = /debug \/(\S+) (\S+) after \d+ ms requestId="([^"]*)" caller="([^"]*)"/g;
  return [...daemon.stderr().matchAll(line)].map(([, path = '', code = '', requestId = '', caller = '']) => {
    return { path, code, requestId, caller };
  });
}

it('N2 one query has the same request id in the logs of every server it passes, with --debug and not without', async () => {
  await network.startRegistry();
  const first = await network.startServer('First', '--debug');
  const middle = await network.startServer('Middle', '--debug');
  const last = await network.startServer('Last', '--debug');
  const quiet = await network.startServer('Quiet', '--verbose');
  await network.ok('connect', 'First', 'Middle');
  await network.ok('connect', 'Middle', 'Last');
  await network.ok('connect', 'Last', 'Quiet');
  await network.ok('join', 'First', '--as', 'ada');
  const report = (await network.ok('query', 'First')).at(-1);
  expect(report).toMatchObject({ complete: true, calls: 3 });
  const query = calls(first).find(({ path }) => path === 'moot.v1.CommunityService/Query');
  expect(query).toMatchObject({ code: 'ok', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  for (const [daemon, caller] of [
    [middle, first],
    [last, middle],
  ] as const) {
    const asks = calls(daemon).filter(({ path }) => path === 'moot.v1.FederationService/Ask');
    expect(asks).toEqual([
      { path: 'moot.v1.FederationService/Ask', code: 'ok', requestId: query?.requestId, caller: caller.ready.id },
    ]);
  }
  expect(calls(quiet)).toEqual([]);
});
