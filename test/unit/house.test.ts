import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Which rooms a room may look into, besides itself. What is not named here is forbidden. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  identity: ['core'],
  federation: ['identity', 'core'],
  community: ['federation', 'identity', 'core'],
  registry: ['federation', 'identity', 'core'],
  store: ['federation', 'identity', 'core'],
  bus: ['federation', 'identity', 'core'],
  wire: ['identity', 'core'],
  client: ['wire', 'identity', 'core'],
  rpc: ['community', 'registry', 'federation', 'wire', 'identity', 'core'],
  web: ['client', 'wire', 'core'],
  app: ['web', 'rpc', 'client', 'store', 'bus', 'community', 'registry', 'federation', 'wire', 'identity', 'core'],
  cli: ['app', 'client', 'wire', 'identity', 'core'],
  bin: ['cli'],
};

const root = resolve('src');

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes(`gen${sep}`))
    .map((name) => join(folder, name));
}

function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

/** What a file needs before it runs: no types, and nothing that it imports later. */
function loadedAtOnce(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const statements = [...text.matchAll(/^(?:import|export) (?!type )([^;]*?)'([^']+)';$/gm)];
  return statements
    .filter(([, names = '']) => names.trim() === '' || /from\s*$/.test(names))
    .filter(([, names = '']) => !/^\{\s*(type [\w ]+,?\s*)+\}\s*from/.test(names))
    .map(([, , target = '']) => target);
}

const room = (file: string): string => relative(root, file).split(sep)[0] ?? '';

describe('the house', () => {
  it('imports point one way', () => {
    const wrong = files(root).flatMap((file) =>
      imports(file)
        .filter((target) => target.startsWith('.'))
        .map((target) => room(resolve(dirname(file), target)))
        .filter((other) => other !== room(file) && !(mayImport[room(file)] ?? []).includes(other))
        .map((other) => `${relative(root, file)} imports from ${other}/`),
    );
    expect(wrong).toEqual([]);
  });

  it('the core imports nothing, neither npm nor node:', () => {
    const wrong = files(join(root, 'core')).filter((file) => imports(file).some((target) => !target.startsWith('./')));
    expect(wrong).toEqual([]);
  });

  it('every room has its line in the table', () => {
    const rooms = new Set(files(root).map(room));
    expect([...rooms].filter((name) => !(name in mayImport))).toEqual([]);
  });

  it('a command is loaded when it is run: what all of them load first needs four small packages', () => {
    const loaded = new Set([join(root, 'bin', 'moot.ts')]);
    const packages = new Set<string>();
    for (const file of loaded) {
      for (const target of loadedAtOnce(file)) {
        if (target.startsWith('.')) loaded.add(resolve(dirname(file), target).replace(/\.js$/, '.ts'));
        else if (!target.startsWith('node:')) packages.add(target);
      }
    }
    expect([...packages].sort()).toEqual(['commander', 'env-paths', 'picocolors', 'string-width']);
  });

  it('only bin touches process', () => {
    const wrong = files(root).filter((file) => room(file) !== 'bin' && /\bprocess\./.test(readFileSync(file, 'utf8')));
    expect(wrong.map((file) => relative(root, file))).toEqual([]);
  });
});
