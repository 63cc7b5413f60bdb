import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from '@jest/globals';
import pg from 'pg';
import { freePort } from './free-port.js';

const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort() : [];
const programs = join('/usr/lib/postgresql', versions.at(-1) ?? '', 'bin');
/** PostgreSQL does not run as root. */
const isRoot = process.getuid?.() === 0;

/** `it` where a PostgreSQL can be started here; else it is skipped, which is said on stderr, and under CI=true is a failure. */
export const itWithOwnPostgres = ((): typeof it.skip => {
  if (spawnSync(join(programs, 'initdb'), ['--version']).status === 0) return it;
  if (process.env.CI === 'true') throw new Error('CI=true, but there is no PostgreSQL to start');
  process.stderr.write('SKIPPED: it needs a PostgreSQL of its own\n');
  return it.skip;
})();

/** A PostgreSQL of our own, which can be killed and started again with what it has. */
export class OwnPostgres {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'moot-postgres-'));
    if (isRoot) chownSync(folder, Number(execFileSync('id', ['-u', 'postgres'])), 0);
    const own = new OwnPostgres(folder, await freePort());
    const [command, args] = own.as('initdb', ['-D', own.data, '-A', 'trust', '-U', 'postgres', '--no-sync']);
    execFileSync(command, args, { stdio: 'ignore', cwd: folder });
    await own.again();
    return own;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Resolves when it answers. */
  async again(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${this.folder}`, 'max_connections=200'];
    const flags = settings.flatMap((setting) => ['-c', setting]);
    const [command, args] = this.as('postgres', ['-D', this.data, '-p', String(this.port), ...flags]);
    this.child = spawn(command, args, { stdio: 'ignore', cwd: this.folder });
    while (!(await this.answers())) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** All its processes end at once, whatever they do: what was committed is there when it is started again. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const [command, args] = this.as('pg_ctl', ['-D', this.data, '-m', 'immediate', '-W', 'stop']);
    spawnSync(command, args, { stdio: 'ignore', cwd: this.folder });
    await exited;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private async answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 1000 });
    client.on('error', () => undefined);
    const isThere = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    return isThere;
  }

  private as(program: string, args: readonly string[]): [string, string[]] {
    const path = join(programs, program);
    return isRoot
      ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', path, ...args]]
      : [path, [...args]];
  }
}
