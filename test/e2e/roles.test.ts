import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Conversation } from '../support/conversation.js';
import { Processes } from '../support/processes.js';
import { key, Pty } from '../support/pty.js';

const network = new Processes();
let port = '';
beforeAll(async () => {
  const server = await network.startServer('Hamlet', '--store', 'memory:');
  port = server.address.split(':')[1] ?? '';
});
afterAll(() => network.close());

function commandFile(name: string, ...lines: string[]): string {
  const path = join(network.folder, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** A subscriber that has been told by how many its topic is read. */
async function subscriber(id: string, ...args: string[]): Promise<Conversation> {
  const listening = network.converse('subscriber', '-i', id, '-H', 'localhost', '-p', port, ...args);
  await listening.until('OK ');
  return listening;
}

const at = (): string[] => ['-H', 'localhost', '-p', port];
const heard = ({ lines }: Conversation): readonly string[] => lines.filter((line) => line.startsWith('['));

describe('publisher and subscriber with command files', () => {
  it('S1.1 S1.2 S1.4 old command lines work: each command waits its seconds, is acknowledged, and arrives', async () => {
    const sports = commandFile('subscriber1.cmd', '0 sub chess', '0 sub go');
    const listening = await subscriber('s1', '-r', '8000', '-f', sports);
    await listening.until('OK go');
    const file = commandFile(
      'publisher1.cmd',
      '# two of three are heard',
      '0 pub chess 1. b4  e5',
      '',
      '0.4 pub poker no one',
      '0 pub go hello',
      '0 quit',
    );
    const beganAt = performance.now();
    const done = await network.run(['publisher', '-i', 'p1', '-r', '8200', ...at(), '-f', file]);
    expect(performance.now() - beganAt).toBeGreaterThan(400);
    expect(done.status).toBe(0);
    expect(done.stderr).toBe('-r is not needed: the community answers on the same connection\n');
    const ids = [...done.stdout.matchAll(/^OK ([0-9a-v]{52})$/gm)].map((match) => match[1]);
    expect(ids).toHaveLength(3);
    await listening.until('[go] p1: hello');
    expect(heard(listening)).toEqual(['[chess] p1: 1. b4  e5', '[go] p1: hello']);
    expect((await network.ok('query', await joined(), '--topic', 'chess'))[0]).toMatchObject({ id: ids[0] });
  });

  it('S1.2 unsub ends a topic, and the keyboard goes on where the file ends', async () => {
    const listening = await subscriber('s2', '-f', commandFile('s2.cmd', '0 sub red', '0 sub blue', '0 unsub red'));
    await listening.until('OK red, no longer');
    listening.type('sub green\n0.1 unsub blue\nunsub nothing\n');
    await listening.until('nothing is not subscribed to');
    await listening.until('OK blue, no longer');
    const publish = network.converse('publisher', '-i', 'p2', ...at(), '-f', commandFile('p2.cmd', '0 pub red r'));
    publish.type('pub blue b\n0.1 pub green g\nquit\n');
    expect(await publish.ended).toBe(0);
    await listening.until('[green]');
    expect(heard(listening)).toEqual(['[green] p2: g']);
    listening.type('quit\n');
    expect(await listening.ended).toBe(0);
  });

  it('S1.3 a wrong line is named with file and number, and skipped; --strict makes that status 1', async () => {
    const file = commandFile('wrong.cmd', '0 pub right one', 'pub no seconds', '0 pubb right slip', '0 pub right two');
    const done = await network.run(['publisher', '-i', 'p3', ...at(), '-f', file]);
    expect(done.status).toBe(0);
    expect(done.stdout.match(/^OK /gm)).toHaveLength(2);
    expect(done.stderr).toContain(`moot: ${file}:2: skipped: the line does not begin with a number of seconds\n`);
    expect(done.stderr).toContain(`moot: ${file}:3: skipped: "pubb" is not a command of a publisher\n`);
    expect(done.stderr).toContain('try: did you mean pub?\n');
    expect((await network.run(['publisher', '-i', 'p3', ...at(), '-f', file, '--strict'])).status).toBe(1);
    expect((await network.run(['publisher', '-i', 'p3', ...at(), '-f', '/nowhere'])).status).toBe(2);
  });

  it('S1.4 what the community refuses says why, with its line, and the next command is run', async () => {
    const server = await network.startServer('Narrow', '--store', 'memory:', '--topics', 'town');
    const file = commandFile('narrow.cmd', '0 pub weather rain', '0 pub town fair');
    const narrow = ['-H', 'localhost', '-p', server.address.split(':')[1] ?? ''];
    const done = await network.run(['publisher', '-i', 'p1', ...narrow, '-f', file]);
    expect(done.status).toBe(0);
    expect(done.stderr).toContain(`moot: ${file}:1: topic weather is not taken here`);
    expect(done.stdout.match(/^OK /gm)).toHaveLength(1);
  });

  it('S1.5 S4.5 any number at the same time, under one ID or many: everyone hears everything once', async () => {
    const ids = ['a1', 'a2', 'a3', 'same', 'same'];
    const listeners = await Promise.all(ids.map((id) => subscriber(id, '-f', commandFile('many.cmd', '0 sub many'))));
    const published = await Promise.all(
      ['b1', 'b2', 'same', 'same'].map((id, number) =>
        network.run([
          'publisher',
          '-i',
          id,
          ...at(),
          '-f',
          commandFile(`many${number}.cmd`, `0 pub many from ${number}`),
        ]),
      ),
    );
    expect(published.map(({ status, stderr }) => ({ status, stderr }))).toEqual(
      Array(4).fill({ status: 0, stderr: '' }),
    );
    for (const listener of listeners) {
      await listener.until((said) => heard(said).length === 4);
      expect([...heard(listener)].sort()).toEqual(
        ['b1', 'b2', 'same', 'same'].map((id, number) => `[many] ${id}: from ${number}`).sort(),
      );
    }
  });

  it('a name that somebody else has is refused; the same home gets the same token', async () => {
    const file = commandFile('one.cmd', '0 pub one x');
    const mine = await network.run(['publisher', '-i', 'owner', ...at(), '-f', file]);
    const again = await network.run(['publisher', '-i', 'owner', ...at(), '-f', file]);
    expect([mine.status, again.status]).toEqual([0, 0]);
    const other = join(network.folder, 'other-home');
    const theirs = await network.run(['publisher', '-i', 'owner', ...at(), '-f', file, '--home', other]);
    expect(theirs.status).toBe(1);
    expect(theirs.stderr).toContain('the name owner is in use in Hamlet');
  });
});

describe('broadcast roles', () => {
  it('S4.1 S4.2 each line goes to everybody, with its sender; blank lines go nowhere; terminate leaves', async () => {
    const everyone = await subscriber('listener');
    const pub = new Pty(['publisher', '-i', 'anna', ...at()], { registry: 'localhost:1', home: network.home });
    try {
      await pub.until('PUB: ');
      await pub.type(`hello all${key.enter}`, 'OK ');
      await pub.type(`   ${key.enter}${key.enter}`, 'PUB: ');
      await pub.type(`0 pub sky a whole command${key.enter}`, 'OK ');
      expect(await pub.end(`terminate${key.enter}`)).toBe(0);
    } finally {
      await pub.close();
    }
    await everyone.until('a whole command');
    expect(heard(everyone)).toEqual(['[broadcast] anna: hello all', '[sky] anna: a whole command']);
    everyone.type('terminate\n');
    expect(await everyone.ended).toBe(0);
  });

  it('S4.2 a subscriber goes on when its standard input is at its end, and ends at Ctrl-C with 130', async () => {
    const listening = await subscriber('background');
    listening.hangUp();
    const publish = network.converse('publisher', '-i', 'p5', ...at());
    publish.type('still there\n');
    await listening.until('still there');
    expect(await listening.end('SIGINT')).toBe(130);
    publish.hangUp();
    expect(await publish.ended).toBe(0);
  });
});

let member: Promise<string> | undefined;
/** The address, where the tests' own member has joined. */
function joined(): Promise<string> {
  const address = `localhost:${port}`;
  member ??= network.ok('join', address, '--as', 'asker').then(() => address);
  return member;
}
