import { dirname, join } from 'node:path';
import { isMootError, MootError, systemCode } from '../core/errors.js';
import { createIdentity, type Identity, parseIdentity } from '../identity/keys.js';
import { createToken } from '../identity/tokens.js';
import { type FileLock, lockFile } from './file-lock.js';
import { readOrCreate } from './private-file.js';
import { makeFolder } from './private-folder.js';

/** What one community keeps on disk, in use by this process alone until `close`. */
export interface DataFolder {
  readonly dir: string;
  readonly identity: Identity;
  /** Whoever shows it is the operator. */
  readonly operatorToken: string;
  /** Where its database goes, unless the store is elsewhere. */
  readonly databaseFile: string;
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
    lock = lockFile(join(dir, 'lock'), `data folder ${dir}`);
    const file = identityFile ?? join(dir, 'identity.pem');
    makeFolder(dirname(file));
    const identity = readIdentity(file);
    const operatorToken = readToken(join(dir, 'operator.token'));
    return { dir, identity, operatorToken, databaseFile: join(dir, 'moot.db'), close: lock.close };
  } catch (error) {
    lock?.close();
    if (isMootError(error)) throw error;
    throw new MootError('unavailable', `data folder ${dir} cannot be used: ${reason(error)}`, {
      cause: error,
      hint: 'name a folder that this user may write, on a disk with room',
    });
  }
}

function readIdentity(file: string): Identity {
  const pem = readOrCreate(file, () => createIdentity().privatePem);
  try {
    return parseIdentity(pem);
  } catch (cause) {
    throw new MootError('damaged', `${file} holds no identity (an Ed25519 private key in PEM)`, {
      cause,
      hint: 'put back a copy of it; without it this community cannot go on under its name',
    });
  }
}

function readToken(file: string): string {
  const token = readOrCreate(file, () => `${createToken()}\n`).trim();
  if (/^[\w-]{43}$/.test(token)) return token;
  throw new MootError('damaged', `${file} holds no token`, { hint: 'delete it; the next start makes a new one' });
}

function reason(error: unknown): string {
  return reasons[systemCode(error)] ?? String(error);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in its place',
  EISDIR: 'a folder is where a file should be',
  SQLITE_CANTOPEN: 'a file is in its place, or permission denied',
  SQLITE_READONLY: 'its lock cannot be written',
};
