import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Builds the page: hashed files, nothing inlined, so that the strictest Content-Security-Policy holds. */
export default {
  root: join(root, 'src/web/page'),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: join(root, 'dist/web/page'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
};
