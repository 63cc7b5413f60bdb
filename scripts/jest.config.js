import { join } from 'node:path';

const rootDir = join(import.meta.dirname, '..');

/** Tests that load the machine, or bound a time under load: one at a time after all others, so that they measure Moot and not each other. */
const alone = ['test/chaos/', 'test/e2e/(image|lost-clients|page-scroll|steady|stopping|web-replicas)\\.'];

const project = {
  rootDir,
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  // Tests run on what was built, as users do.
  moduleNameMapper: {
    '^(?:\\.{1,2}/)+src/(.*)\\.js$': '<rootDir>/dist/$1.js',
    '^moot-network$': '<rootDir>/dist/client/index.js',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.worktrees'],
  testTimeout: 120_000,
};

export default {
  rootDir,
  projects: [
    { ...project, displayName: 'together', testRegex: ['\\.test\\.ts$'], testPathIgnorePatterns: alone },
    {
      ...project,
      displayName: 'alone',
      testRegex: alone.map((path) => `${path}.*test\\.ts$`),
      runner: '<rootDir>/scripts/jest-serial-runner.mjs',
    },
  ],
  reporters: ['default', '<rootDir>/scripts/jest-reporter.mjs'],
  testTimeout: 120_000,
  maxWorkers: 2,
  testSequencer: '<rootDir>/scripts/jest-sequencer.mjs',
};
