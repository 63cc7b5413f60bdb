import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toFailure } from '../../src/cli/failure.js';
import { curves } from './curves.js';
import { parseFlags } from './flags.js';
import { run } from './runs.js';
import { jsonLines, tables } from './tables.js';

/** The network in one process, on a virtual clock: what queries and articles cost as it grows. `npm run simulate`. */
try {
  const flags = parseFlags(process.argv.slice(2));
  const figures = await run(flags, (line) => void process.stderr.write(`${line}\n`));
  process.stdout.write(flags.json ? jsonLines(figures) : tables(figures, flags));
  if (flags.svg !== undefined) {
    mkdirSync(flags.svg, { recursive: true });
    for (const [name, svg] of Object.entries(curves(figures, flags))) writeFileSync(join(flags.svg, name), svg);
  }
  const wrong = [...figures.sound, ...figures.failing, ...figures.fanOuts].some(({ faults }) => faults.length > 0);
  const { user, system } = process.cpuUsage();
  const mostMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stderr.write(`${((user + system) / 1e6).toFixed(1)} s of processor time, ${mostMiB} MiB at most\n`);
  process.exitCode = wrong ? 1 : 0;
} catch (error) {
  const { status, text } = toFailure(error, undefined, false);
  process.stderr.write(text);
  process.exitCode = status;
}
