import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { invalid, MootError } from '../core/errors.js';
import { identityIn } from '../store/data-folder.js';
import { diskReason } from '../store/disk-reason.js';
import { parseStoreUrl } from '../store/open-store.js';
import { makeFolder } from '../store/private-folder.js';

/** Where a community keeps what it has, as its operator named it. */
export interface Places {
  readonly dir: string;
  /** sqlite:FILE or memory:; none: moot.db in `dir`. */
  readonly store?: string | undefined;
  /** None: identity.pem in `dir`. */
  readonly identityFile?: string | undefined;
  readonly home?: string | undefined;
}

/**
 * Refuses what cannot be served before anything is made, so that a start that cannot be leaves no half of a community.
 * @throws MootError naming `store`, `identity` or `home`; `damaged` for an identity file that holds none.
 */
export async function requirePlaces({ dir, store, identityFile, home }: Places): Promise<void> {
  const database = store === undefined ? join(dir, 'moot.db') : parseStoreUrl(store);
  if (store !== undefined && database !== undefined) requireStorePlace(dir, database);
  await requireIdentity(identityFile ?? join(dir, 'identity.pem'), database);
  if (home !== undefined) requireHome(home);
}

function requireStorePlace(dir: string, file: string): void {
  const folder = dirname(resolve(file));
  if (folder !== resolve(dir) && !existsSync(folder))
    throw invalid('store', `--store sqlite:${file} cannot be: there is no folder ${folder}`, `mkdir -p ${folder}`);
  if (existsSync(file) && statSync(file).isDirectory())
    throw invalid('store', `--store sqlite:${file} is a folder`, `--store sqlite:${join(file, 'moot.db')}`);
}

/** A new key beside an old database would be another community, which could not open it. */
async function requireIdentity(file: string, database: string | undefined): Promise<void> {
  if (existsSync(file)) {
    identityIn(file, await textOf(file));
    return;
  }
  // An empty file is a database that nobody has begun.
  if (database === undefined || !existsSync(database) || statSync(database).size === 0) return;
  throw new MootError('not_found', `there is no identity ${file}, the key that ${database} belongs to`, {
    field: 'identity',
    hint: 'put back a copy of it, or say where it is: --identity FILE',
  });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new MootError('unavailable', `identity ${file} cannot be read: ${diskReason(cause)}`, {
      cause,
      field: 'identity',
      hint: 'put back a copy of it, or say where it is: --identity FILE',
    });
  }
}

function requireHome(home: string): void {
  try {
    makeFolder(join(home, 'operators'));
  } catch (cause) {
    throw new MootError('unavailable', `home ${home} cannot be used: ${diskReason(cause)}`, {
      cause,
      field: 'home',
      hint: 'name a folder that this user may write: --home DIR, or MOOT_HOME',
    });
  }
}
