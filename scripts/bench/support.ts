import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Child = ChildProcess;

/** A measurement's one member works as hard as a whole community: counted as always, and never refused. */
export const oneMember = [
  ['--member-rate', '1000000'],
  ['--caller-streams', '1000000'],
  ['--member-articles-a-day', '1000000000'],
  ['--member-bytes-a-day', '1000000000000'],
].flat();

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}

/** Starts a program and resolves with the first JSON line it prints; the child is added to `children`. */
export function spawnJson(
  command: 'node' | 'tsx',
  args: readonly string[],
  children: Child[],
): Promise<Record<string, unknown>> {
  const runner = command === 'tsx' ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...runner, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line) as Record<string, unknown>));
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)));
  });
}
