import { spawnSync } from 'node:child_process';
import { describe, expect } from '@jest/globals';
import { itWhere } from '../support/abilities.js';

const itAsRoot = itWhere(
  "the image's steps need root, unshare, and the packages that they compile with",
  'sh',
  '-c',
  'unshare --mount --pid --net --fork true && dpkg -s g++ make python3 iproute2',
);

describe('the image', () => {
  itAsRoot(
    'N10 comes of the steps of its Dockerfile, and takes part as README says: healthy, not as root, ended by its signal with 0',
    () => {
      const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'image'], {
        encoding: 'utf8',
        timeout: 560_000,
      });
      // What failed is in the words of the step.
      expect([status, status === 0 ? '' : `${stdout.slice(-2000)}${stderr.slice(-4000)}`]).toEqual([0, '']);
      for (const seen of [
        /^started with its CMD: Usage: moot/m,
        /^ready: Hamlet ready at hamlet\.example:50052#/m,
        /^HEALTHCHECK passes: /m,
        /^join: joined Hamlet as ada$/m,
        /^publish: published: \S+ in Hamlet$/m,
        /^query: From a container\./m,
        /^its user: node$/m,
        /^ended with 0: \d+ ms after SIGTERM$/m,
      ])
        expect(stdout).toMatch(seen);
      const [, mebibytes = ''] = /^size: (\d+) MiB in \/moot$/m.exec(stdout) ?? [];
      // 89 when this was written.
      expect(Number(mebibytes)).toBeLessThan(120);
    },
    600_000,
  );
});
