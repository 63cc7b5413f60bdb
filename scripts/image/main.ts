import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.js';
import { parseDockerfile } from './dockerfile.js';
import { runImage } from './run-image.js';

/**
 * Runs the steps of deploy/Dockerfile, and what it makes, without a container engine: `npm run image`. The base image is this
 * machine's own system and Node, read-only. It all happens in namespaces that end with it, mounts and processes included.
 */
const inside = 'MOOT_IMAGE_FOLDER';
const folder = process.env[inside];

function reasonAgainst(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may mount and change the root folder';
  const tried = spawnSync('unshare', ['--mount', '--pid', '--net', '--fork', 'true'], { encoding: 'utf8' });
  return tried.status === 0 ? undefined : `unshare is refused: ${tried.error?.message ?? tried.stderr.trim()}`;
}

function enter(): number {
  const reason = reasonAgainst();
  if (reason !== undefined) {
    process.stderr.write(`NOT RUN: the steps of deploy/Dockerfile: ${reason}\n`);
    return 69;
  }
  const made = mkdtempSync(join(tmpdir(), 'moot-image-'));
  try {
    const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
    const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const env = { ...process.env, [inside]: made };
    // Whoever ends this ends all of it.
    return (
      spawnSync('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...namespaces, ...again], { stdio: 'inherit', env })
        .status ?? 1
    );
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

if (folder === undefined) process.exitCode = enter();
else await runImage(build(parseDockerfile(readFileSync('deploy/Dockerfile', 'utf8')), folder), folder);
