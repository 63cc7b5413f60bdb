/** Long files first, so that no processor is left with one of them at the end: a clean copy has no times of an earlier run. */
const folders = ['test/e2e/', 'test/property/', 'test/interop/', 'test/integration/', 'test/unit/'];
const longest =
  /(corpus|rotation|restored-copy|peering|help-examples|page-|doctor|simulate|store|search|package|replicas|postgres)/;

export default class LongestFirst {
  sort(tests) {
    const rank = ({ path, duration, context }) => {
      // Jest runs those of one runner, then those of the next, as they come here: who is to be alone is last.
      if (context.config.displayName?.name === 'alone') return -1;
      const folder = folders.findIndex((one) => path.includes(one));
      // What is known counts; else what these files are like.
      return duration ?? (longest.test(path) ? 60_000 : 0) + (folders.length - folder) * 2000;
    };
    return [...tests].sort((one, other) => rank(other) - rank(one));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
