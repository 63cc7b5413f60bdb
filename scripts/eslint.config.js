import tseslint from 'typescript-eslint';

/** The async rules that need types; everything else is biome's. */
export default tseslint.config({
  files: ['src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts'],
  ignores: ['src/wire/gen/**'],
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: { project: './scripts/tsconfig.json' },
  },
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': 'error',
    '@typescript-eslint/await-thenable': 'error',
    '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    '@typescript-eslint/only-throw-error': 'error',
  },
});
