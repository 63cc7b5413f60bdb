import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MootError, systemCode } from '../core/errors.js';
import type { Identity } from '../identity/keys.js';
import { identityIn, tokenIn } from './data-folder.js';
import { diskReason } from './disk-reason.js';

/** What a backup says of itself, in backup.json. */
export interface BackupFacts {
  /** Of this file; a newer one is not read. */
  readonly version: 1;
  /** Whose it is. */
  readonly id: string;
  readonly madeAtMs: number;
  /** Of moot.db. */
  readonly bytes: number;
  /** Of moot.db, in hex. */
  readonly sha256: string;
  /** null: its format is an older one. */
  readonly articles: number | null;
  readonly members: number | null;
}

/** Files of a backup, as of a data folder. What has the key is the community. */
export const backupFiles = {
  facts: 'backup.json',
  database: 'moot.db',
  identity: 'identity.pem',
  operatorToken: 'operator.token',
} as const;

export interface Backup {
  readonly facts: BackupFacts;
  readonly identity: Identity;
  readonly operatorToken: string;
}

const another = 'name the folder that `moot backup` has made';

/** @throws MootError `not_found` where there is no backup, `damaged` where its parts do not belong together. */
export function readBackup(folder: string): Backup {
  const facts = factsIn(textOf(folder, backupFiles.facts));
  const file = join(folder, backupFiles.identity);
  const identity = identityIn(file, textOf(folder, backupFiles.identity));
  if (identity.id !== facts.id)
    throw new MootError('damaged', `${file} is the key of another community`, { hint: another });
  const operatorToken = tokenIn(join(folder, backupFiles.operatorToken), textOf(folder, backupFiles.operatorToken));
  return { facts, identity, operatorToken };
}

function textOf(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (cause) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(systemCode(cause));
    const why = isMissing ? `there is no ${name} in it` : `${name}: ${diskReason(cause)}`;
    throw new MootError(isMissing ? 'not_found' : 'unavailable', `${folder} is no backup that can be read: ${why}`, {
      cause,
      field: 'backup',
      hint: another,
    });
  }
}

function factsIn(text: string): BackupFacts {
  try {
    const facts = JSON.parse(text) as Partial<BackupFacts>;
    const { version, id, sha256, bytes, madeAtMs, articles, members } = facts;
    if (version !== 1) throw new RangeError(`version ${String(version)} is not known`);
    const isWhole = [bytes, madeAtMs, articles ?? 0, members ?? 0].every((number) => Number.isSafeInteger(number));
    if (!isWhole || typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(sha256 ?? ''))
      throw new RangeError('a fact is missing');
    return facts as BackupFacts;
  } catch (cause) {
    throw new MootError('damaged', 'what backup.json says cannot be read', { cause, field: 'backup', hint: another });
  }
}
