import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { it } from '@jest/globals';
import { commandPath } from './abilities.js';
import { freePort } from './free-port.js';

const server = commandPath('nats-server') || commandPath('/usr/sbin/nats-server');

/** `it` where a NATS can be started here; else it is skipped, which is said on stderr, and under CI=true is a failure. */
export const itWithNats = ((): typeof it.skip => {
  if (server !== '') return it;
  if (process.env.CI === 'true') throw new Error('CI=true, but there is no nats-server');
  process.stderr.write('SKIPPED: a bus over NATS needs nats-server\n');
  return it.skip;
})();

/** A NATS of our own, which can be killed and started again where it was. */
export class TestNats {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly flags: readonly string[],
  ) {}

  static async start(...flags: string[]): Promise<TestNats> {
    const nats = new TestNats(await freePort(), flags);
    await nats.again();
    return nats;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Resolves when it takes connections. */
  async again(): Promise<void> {
    const args = ['-a', '127.0.0.1', '-p', String(this.port), ...this.flags];
    const child = spawn(server, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stderr?.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('Server is ready')) resolve();
      });
      child.once('exit', (status) => reject(new Error(`nats-server ended with ${status}: ${said}`)));
    });
    // The line comes a moment before the port does.
    await new Promise<void>((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => {
        socket.destroy();
        resolve();
      });
      socket.once('error', reject);
    });
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await exited;
  }
}
