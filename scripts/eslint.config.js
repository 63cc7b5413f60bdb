import tseslint from 'typescript-eslint';

const typed = {
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': 'error',
    '@typescript-eslint/await-thenable': 'error',
    '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    '@typescript-eslint/only-throw-error': 'error',
  },
};

function typedBy(project) {
  return { parser: tseslint.parser, parserOptions: { project } };
}

/** The async rules that need types; everything else is biome's. */
export default tseslint.config(
  {
    ...typed,
    files: ['src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts'],
    ignores: ['src/wire/gen/**', 'src/web/page/**'],
    languageOptions: typedBy('./scripts/tsconfig.json'),
  },
  { ...typed, files: ['src/web/page/**/*.{ts,tsx}'], languageOptions: typedBy('./src/web/page/tsconfig.json') },
);
