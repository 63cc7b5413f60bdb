import { dirname, join } from 'node:path';
import { isMootError, MootError } from '../core/errors.js';
import { createIdentity, type Identity, parseIdentity } from '../identity/keys.js';
import { createToken } from '../identity/tokens.js';
import { diskReason } from './disk-reason.js';
import { type FileLock, lockFile } from './file-lock.js';
import { readOrCreate, replacePrivate } from './private-file.js';
import { makeFolder } from './private-folder.js';

/** What one community keeps on disk, in use by this process alone until `close`. */
export interface DataFolder {
  readonly dir: string;
  readonly identity: Identity;
  /** Whoever shows it is the operator. */
  readonly operatorToken: string;
  /** Where its database goes, unless the store is elsewhere. */
  readonly databaseFile: string;
  /** From the next opening on. @throws what the disk throws; then it is the one or the other. */
  replaceIdentity(identity: Identity): void;
  close(): void;
}

export interface DataFolderOptions {
  /** Where the identity is kept; default: `identity.pem` in the folder. Made when missing. */
  readonly identityFile?: string | undefined;
}

/**
 * Opens a data folder, making what is missing: the folder (0700), the identity and the operator's token (0600).
 * @throws MootError `already_exists` naming the process that uses it, `unavailable` when it cannot be read or written,
 * `damaged` when the identity or the token is none.
 */
export function openDataFolder(dir: string, { identityFile }: DataFolderOptions = {}): DataFolder {
  let lock: FileLock | undefined;
  try {
    makeFolder(dir);
    lock = lockFile(join(dir, 'lock'), `data folder ${dir}`, 'data');
    const file = identityFile ?? join(dir, 'identity.pem');
    makeFolder(dirname(file));
    const identity = identityIn(
      file,
      readOrCreate(file, () => createIdentity().privatePem),
    );
    const tokenFile = join(dir, 'operator.token');
    const operatorToken = tokenIn(
      tokenFile,
      readOrCreate(tokenFile, () => `${createToken()}\n`),
    );
    const replaceIdentity = ({ privatePem }: Identity): void => replacePrivate(file, privatePem);
    return { dir, identity, operatorToken, databaseFile: join(dir, 'moot.db'), replaceIdentity, close: lock.close };
  } catch (error) {
    lock?.close();
    if (isMootError(error)) throw error;
    throw new MootError('unavailable', `data folder ${dir} cannot be used: ${diskReason(error)}`, {
      cause: error,
      field: 'data',
      hint: 'name a folder that this user may write, on a disk with room',
    });
  }
}

/** @throws MootError `damaged` when `pem`, the text of `file`, is no identity. */
export function identityIn(file: string, pem: string): Identity {
  try {
    return parseIdentity(pem);
  } catch (cause) {
    throw new MootError('damaged', `${file} holds no identity (an Ed25519 private key in PEM)`, {
      cause,
      hint: 'put back a copy of it; without it this community cannot go on under its name',
    });
  }
}

/** @throws MootError `damaged` when `text`, that of `file`, is no token. */
export function tokenIn(file: string, text: string): string {
  const token = text.trim();
  if (/^[\w-]{43}$/.test(token)) return token;
  throw new MootError('damaged', `${file} holds no token`, { hint: 'delete it; the next start makes a new one' });
}
