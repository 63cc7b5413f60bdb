import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type Daemon, Processes } from '../support/processes.js';

const network = new Processes();
const data = join(network.folder, 'Ada');
const copy = join(network.folder, 'copy');

afterAll(() => network.close());

const publish = async (body: string) => (await network.ok('publish', 'Ada', '--topic', 'log', '--body', body))[0];

/** Resolves when the copy that Bea keeps has `count` articles. */
async function reaches(count: string): Promise<void> {
  await network.ok('subscribe', 'Bea', '--topic', 'log', '--from', 'beginning', '--count', count);
}

describe('a server on an old copy of its data', () => {
  it('N3 gets its newest articles back from a peer; and where it has published over them, begins an epoch that all follow', async () => {
    await network.startRegistry();
    let [ada, bea] = [await network.startServer('Ada'), await network.startServer('Bea')];
    const again = ({ address, ready: { name } }: Daemon): Promise<Daemon> =>
      network.start(
        'server',
        String(address.split(':')[1]),
        '--name',
        String(name),
        '--data',
        join(network.folder, String(name)),
      );
    for (const name of ['Ada', 'Bea']) await network.ok('join', name, '--as', 'kim');
    await network.ok('connect', 'Ada', 'Bea');
    await network.ok('connect', 'Bea', 'Ada');
    for (const body of ['one', 'two']) await publish(body);
    await ada.end();
    cpSync(data, copy, { recursive: true });
    const restore = (): void => {
      rmSync(data, { recursive: true });
      cpSync(copy, data, { recursive: true });
    };

    ada = await again(ada);
    for (const body of ['three', 'four']) await publish(body);
    await reaches('4');
    await ada.end();
    restore();
    ada = await again(ada);
    expect(await publish('five')).toMatchObject({ epoch: '1', seq: '5' });
    await reaches('5');

    await ada.end();
    await bea.end();
    restore();
    ada = await again(ada);
    expect(await publish('instead of three')).toMatchObject({ epoch: '1', seq: '3' });
    bea = await again(bea);
    const began = await network.ok('subscribe', 'Bea', '--topic', 'log', '--from', 'beginning', '--count', '5');
    expect(began.filter(({ type }) => type === 'article').map(({ body }) => body)).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
    ]);
    await ada.says('epoch 2 begins');
    expect(await publish('six')).toMatchObject({ epoch: '2', seq: '5' });
    const followed = await network.ok('subscribe', 'Bea', '--topic', 'log', '--from', 'beginning', '--count', '6');
    expect(followed.findLast(({ type }) => type === 'article')).toMatchObject({ body: 'six', epoch: '2', seq: '5' });
    const answer = await network.ok('query', 'Bea', '--topic', 'log');
    expect(answer.at(-1)).toMatchObject({ type: 'report', complete: true });

    await ada.end();
    const { status, stdout } = await network.here(['doctor', '--data', data]);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/ok {7}seals:/)]);
  }, 240_000);
});
