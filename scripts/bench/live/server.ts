import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { becomeMember } from '../publish.js';
import { oneMember } from '../support.js';

export interface Vitals {
  /** By how much timers were late, since it was last asked. */
  readonly loopP99Ms: number;
  readonly rssMiB: number;
}

export interface BenchServer {
  readonly address: string;
  /** Of a member. */
  readonly token: string;
  vitals(): Promise<Vitals>;
  stop(): void;
}

/** A community in a process and a folder of its own, as `moot server` runs it, with `flags`. */
export async function startBenchServer(flags: readonly string[] = oneMember): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'moot-bench-'));
  const args = ['server', '0', '--name', 'Bench', '--data', join(folder, 'data'), '--home', folder, '--json'];
  const child = fork('dist/bin/moot.js', [...args, ...flags, '--registry', 'localhost:1'], {
    execArgv: ['--import', join(import.meta.dirname, 'loop-delay.mjs')],
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  const stop = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const lines = createInterface(child.stdout ?? process.stdin);
    const [line] = (await once(lines, 'line')) as [string];
    const { address } = JSON.parse(line) as { address: string };
    return {
      address,
      token: await becomeMember(address),
      vitals: async () => {
        child.send({ ask: 'vitals' });
        const [vitals] = (await once(child, 'message')) as [Vitals];
        return vitals;
      },
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}
