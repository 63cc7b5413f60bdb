import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Daemon, Processes } from '../support/processes.js';

const moot = new Processes();
let ash: Daemon;
let hamlet: Daemon;
/** Every token and code that was given out. */
const secrets: string[] = [];

beforeAll(async () => {
  await moot.startRegistry();
  ash = await moot.startServer('Ash', '--admission', 'approval', '--verbose');
  hamlet = await moot.startServer('Hamlet', '--admission', 'invite', '--verbose');
});
afterAll(() => moot.close());

/** Runs a command as somebody with a home of their own. */
const as = (who: string, ...args: string[]) => moot.here([...args, '--home', join(moot.folder, who)]);

function noteToken(who: string): void {
  const kept = JSON.parse(readFileSync(join(moot.folder, who, 'memberships.json'), 'utf8')) as {
    memberships: { token: string }[];
  };
  secrets.push(...kept.memberships.map(({ token }) => token));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'operator.token' && entry.name !== 'identity.pem')
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('joining where not everybody may', () => {
  it('by approval asks, with status 75, and goes on when somebody says yes', async () => {
    const asked = await as('ada', 'join', 'Ash', '--as', 'ada');
    expect(asked).toMatchObject({ status: 75, stdout: 'asked to join Ash as ada; waits for approval\n' });
    noteToken('ada');
    expect((await as('ada', 'servers')).stdout).toMatch(/Ash .* asked /);
    const refused = await as('ada', 'query', 'Ash');
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.stderr).toContain('you asked to join Ash, and wait for approval');
    expect((await moot.here(['requests', 'Ash'])).stdout).toMatch(/^NAME +ASKED +ID\nada /);
    expect(await moot.here(['admit', 'Ash', 'ada'])).toMatchObject({ status: 0, stdout: 'ada is a member of Ash\n' });
    expect((await as('ada', 'servers')).stdout).toMatch(/Ash .* yes /);
    expect((await as('ada', 'publish', 'Ash', '--topic', 'a', '--body', 'b')).status).toBe(0);
  });

  it('by invitation takes the code, and says what is wrong with another', async () => {
    const none = await as('ada', 'join', 'Hamlet', '--as', 'ada', '--json');
    expect(none.status).toBe(1);
    expect(JSON.parse(none.stderr)).toMatchObject({ error: { code: 'denied', field: 'invite' } });
    const made = await moot.here(['invite', 'Hamlet', '--uses', '2', '--expires', '1h', '--json']);
    const code = String(made.lines[0]?.code);
    secrets.push(code);
    expect(made.lines[0]).toMatchObject({ uses: 2, used: 0, madeBy: 'operator', revokedAt: null, member: null });
    expect(await as('ada', 'join', 'Hamlet', '--as', 'ada', '--invite', code)).toMatchObject({
      status: 0,
      stdout: 'joined Hamlet as ada\n',
    });
    noteToken('ada');
    expect((await moot.here(['invites', 'Hamlet'])).stdout).toMatch(/open +1 of 2 .* operator +anyone/);
    const id = String(made.lines[0]?.id);
    expect((await moot.here(['invite', 'Hamlet', '--revoke', id])).stdout).toBe(
      `revoked: invitation ${id} to Hamlet\n`,
    );
    const late = await as('bob', 'join', 'Hamlet', '--as', 'bob', '--invite', code);
    expect(late).toMatchObject({ status: 1 });
    expect(late.stderr).toContain('this invitation was revoked');
  });
});

describe('looking after a community', () => {
  it('is the operator’s, and a moderator’s: removed with a ban, lifted, all of it in the log', async () => {
    expect((await moot.here(['promote', 'Ash', 'ada'])).stdout).toBe('ada is a moderator of Ash\n');
    const code = (await as('ada', 'invite', 'Ash')).stdout.trim();
    secrets.push(code);
    await as('bob', 'join', 'Ash', '--as', 'bob', '--invite', code);
    noteToken('bob');
    const revoked = await as('ada', 'tokens', 'Ash', '--revoke', 'bob');
    expect(revoked.status).toBe(0);
    secrets.push(revoked.stdout.trim());
    expect((await as('bob', 'query', 'Ash')).stderr).toContain('the token was revoked');
    await as('bob', 'leave', 'Ash');
    const back = await as('bob', 'join', 'Ash', '--as', 'bob', '--invite', revoked.stdout.trim());
    expect(back).toMatchObject({ status: 0, stdout: 'joined Ash as bob\n' });
    noteToken('bob');
    expect((await as('bob', 'tokens', 'Ash', '--renew')).status).toBe(0);
    noteToken('bob');
    expect((await as('bob', 'tokens', 'Ash')).stdout).toMatch(/^TOKEN .*\n[0-9a-f]{8}… +bob +member .*\n$/);
    const until = await as('ada', 'remove', 'Ash', 'bob', '--until', '2099-01-01');
    expect(until).toMatchObject({ status: 2 });
    await as('ada', 'remove', 'Ash', 'bob', '--ban', '--until', '2099-01-01', '--reason', 'spam');
    expect((await as('bob', 'query', 'Ash')).stderr).toContain('you were removed: spam');
    expect((await as('eve', 'join', 'Ash', '--as', 'Bob')).stderr).toContain('banned here until 2099-01-01');
    const [, bobs = ''] =
      /bob .* 2099-.* ada +spam +([0-9a-f-]{36})\n/.exec((await moot.here(['bans', 'Ash'])).stdout) ?? [];
    const unbanned = await moot.here(['unban', 'Ash', bobs]);
    expect(unbanned).toMatchObject({ status: 0, stdout: 'bob is not banned from Ash any longer\n' });
    const { lines } = await moot.here(['audit', 'Ash', '--json']);
    expect(lines.map(({ by, act, aboutName }) => `${by} ${act} ${aboutName}`)).toEqual([
      'operator admit ada',
      'operator promote ada',
      'ada invite null',
      'ada revoke-token bob',
      'ada ban bob',
      'operator unban bob',
    ]);
    expect((await moot.here(['audit', 'Ash', '--since', '2099-01-01'])).stderr).toBe('nothing was done in Ash\n');
  }, 90_000);

  it('S0.6 leaves no token and no code in any file of the server, and in no log', async () => {
    expect(new Set(secrets).size).toBeGreaterThanOrEqual(8);
    const logs = [ash.stderr(), hamlet.stderr()];
    for (const said of ['ada asks to join', 'ada joined', 'bob was removed']) expect(logs.join('')).toContain(said);
    await Promise.all([ash.end(), hamlet.end()]);
    const files = ['Ash', 'Hamlet'].flatMap((name) => filesIn(join(moot.folder, name)));
    expect(files.filter((file) => file.endsWith('moot.db'))).toHaveLength(2);
    const texts = [...files.map((file) => readFileSync(file).toString('latin1')), ...logs];
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(30);
      const forms = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')];
      if (secret.length === 43) forms.push(Buffer.from(secret, 'base64url').toString('latin1'));
      for (const form of forms) expect(texts.some((text) => text.includes(form))).toBe(false);
    }
  });
});
