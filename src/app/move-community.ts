import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { invalid, MootError } from '../core/errors.js';
import { openDataFolder } from '../store/data-folder.js';
import { openStore } from '../store/open-store.js';
import type { Moved } from '../store/postgres/move-in.js';
import { isPostgresUrl, parsePostgresUrl } from '../store/postgres/postgres-url.js';
import { Closing } from './closing.js';

export interface Move {
  readonly dir: string;
  /** postgres://… */
  readonly url: string;
  /** Default: identity.pem in the data folder. */
  readonly identityFile?: string | undefined;
  /** Rows that are there, and of how many. */
  readonly onRows: (done: number, of: number) => void;
}

export interface MovedCommunity extends Moved {
  readonly id: string;
  readonly identityFile: string;
}

/**
 * Copies a community that does not run from its data folder into PostgreSQL; the folder stays as it is.
 * @throws MootError `already_exists` while a server uses the folder, `not_found` where there is none, and as `moveIn`.
 */
export async function moveCommunity({ dir, url, identityFile, onRows }: Move): Promise<MovedCommunity> {
  if (!isPostgresUrl(url))
    throw invalid('store', 'a community is moved into PostgreSQL', 'name it as postgres://USER@HOST:PORT/DATABASE');
  parsePostgresUrl(url);
  const [file, key] = [join(dir, 'moot.db'), identityFile ?? join(dir, 'identity.pem')];
  for (const needed of [file, key])
    if (!existsSync(needed))
      throw new MootError('not_found', `there is no file ${needed}`, { hint: 'name the data folder of the community' });
  const closing = new Closing();
  try {
    const { identity } = closing.owns(openDataFolder(dir, { identityFile }));
    // Opened once as its server does: brought up to this version, looked at, and written to its end.
    await (await openStore(`sqlite:${file}`, { identity })).close();
    const { moveIn } = await import('../store/postgres/move-in.js');
    return { ...(await moveIn(file, url, identity.id, onRows)), id: identity.id, identityFile: key };
  } finally {
    await closing.close();
  }
}
