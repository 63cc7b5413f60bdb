import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Runs the test files again that failed beside others, each by itself: on a machine of two cores a test of processes may
 * fail for want of a turn. It says which, loudly. What fails twice has failed; so has what needs no machine (unit and
 * property tests), and a run with more than `mostFiles` failures. Ends with the counts of both runs together.
 */
const mostFiles = 6;
const needsMachine = /^test\/(e2e|integration|interop|chaos)\//;

const [reportFile = ''] = process.argv.slice(2);
const first = read();
const files = first.files.filter(({ file }) => needsMachine.test(file)).map(({ file }) => file);
let total = first;
if (files.length > 0 && first.files.length <= mostFiles) {
  process.stdout.write(`SECOND LOOK: failed beside others, and runs again alone: ${files.join(', ')}\n`);
  spawnSync('npm', ['test', '--ignore-scripts', '--', '--forceExit', '--maxWorkers=1', ...files], { stdio: 'inherit' });
  const again = read();
  const before = first.files.filter(({ file }) => files.includes(file));
  total = Object.fromEntries(
    ['passed', 'failed', 'skipped'].map((count) => [count, first[count] - sum(before, count) + again[count]]),
  );
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

function read() {
  return JSON.parse(readFileSync(reportFile, 'utf8'));
}

function sum(counted, count) {
  return counted.reduce((all, one) => all + one[count], 0);
}
