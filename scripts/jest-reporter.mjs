import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * Ends a run with one line that a script can read: the runner's own counts. Where `MOOT_TEST_REPORT` names a file, it is
 * given the counts, and those of each test file that failed. Before it stand the slowest files.
 */
export default class CountsReporter {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } = results;
    const total = {
      passed: numPassedTests,
      failed: numFailedTests + numRuntimeErrorTestSuites,
      skipped: numPendingTests + numTodoTests,
    };
    const report = process.env.MOOT_TEST_REPORT;
    if (report)
      writeFileSync(report, JSON.stringify({ ...total, files: results.testResults.filter(hasFailed).map(countsOf) }));
    for (const { testFilePath, perfStats } of slowest(results.testResults))
      process.stdout.write(`${Math.round(perfStats.runtime / 1000)} s ${relative(process.cwd(), testFilePath)}\n`);
    process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  }
}

/** Of a run of many files: where its time has gone. */
function slowest(files) {
  if (files.length < 20) return [];
  return [...files].sort((one, other) => other.perfStats.runtime - one.perfStats.runtime).slice(0, 15);
}

function hasFailed({ numFailingTests, failureMessage }) {
  return numFailingTests > 0 || Boolean(failureMessage);
}

function countsOf({ testFilePath, numPassingTests, numFailingTests, numPendingTests, numTodoTests, testExecError }) {
  return {
    file: relative(process.cwd(), testFilePath),
    passed: numPassingTests,
    failed: numFailingTests + (testExecError ? 1 : 0),
    skipped: numPendingTests + numTodoTests,
  };
}
