import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MootError, systemCode } from '../core/errors.js';
import { readKeyLine } from '../identity/key-line.js';
import type { Identity } from '../identity/keys.js';
import { identityIn, tokenIn } from './data-folder.js';
import { diskReason } from './disk-reason.js';
import { type LockLook, lookAtLock } from './file-lock.js';
import { DatabaseLook } from './sqlite/database-look.js';

/** A file or a folder that is for its owner alone. */
export interface PrivateFile {
  readonly file: string;
  /** Its permissions: 0o600 when all is well, 0o700 of a folder. */
  readonly mode: number;
}

/** By what a community is known. */
export interface KeyLook extends Pick<Identity, 'id'> {
  /** The one that holds, raw. */
  readonly publicKey: Uint8Array;
  /** How often it was rotated. */
  readonly rotations: number;
}

/** A data folder, seen without making, locking or mending anything in it. */
export class DataFolderLook {
  constructor(private readonly dir: string) {}

  itself(): PrivateFile {
    return { file: this.dir, mode: statSync(this.dir).mode & 0o777 };
  }

  /** @throws MootError `not_found`, `unavailable` or `damaged`. */
  identity(identityFile = join(this.dir, 'identity.pem')): PrivateFile & KeyLook & { readonly text: string } {
    const found = read(identityFile, 'put back a copy of it; without it this community cannot go on under its name');
    const { id, publicKey } = identityIn(found.file, found.text);
    const { key = publicKey, rotations = [] } = readKeyLine(publicKey) ?? {};
    return { ...found, id, publicKey: key, rotations: rotations.length };
  }

  /** @throws MootError `not_found`, `unavailable` or `damaged`. */
  operatorToken(): PrivateFile & { readonly text: string } {
    const found = read(join(this.dir, 'operator.token'), 'the next start makes a new one');
    tokenIn(found.file, found.text);
    return found;
  }

  /** The lock of the folder, or that of its database where a server of another folder uses that. */
  lock(): LockLook {
    const lock = lookAtLock(join(this.dir, 'lock'));
    if (lock.isHeld) return lock;
    const ofDatabase = lookAtLock(join(this.dir, 'moot.db.lock'));
    return ofDatabase.isHeld ? ofDatabase : lock;
  }

  /** @throws MootError `not_found`, `damaged`, `full` or `unavailable`. */
  database(file = join(this.dir, 'moot.db')): DatabaseLook {
    return DatabaseLook.open(file);
  }
}

function read(file: string, ifMissing: string): PrivateFile & { readonly text: string } {
  try {
    return { file, mode: statSync(file).mode & 0o777, text: readFileSync(file, 'utf8') };
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT')
      throw new MootError('not_found', `there is no file ${file}`, { cause, hint: ifMissing });
    throw new MootError('unavailable', `${file} cannot be read: ${diskReason(cause)}`, {
      cause,
      hint:
        systemCode(cause) === 'EISDIR' ? `move ${file} away; ${ifMissing}` : 'run this as the user who runs the server',
    });
  }
}
