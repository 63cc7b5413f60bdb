import { type ErrorCode, isMootError, MootError, systemCode } from '../../core/errors.js';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [
    /^SQLITE_NOTADB/,
    {
      code: 'damaged',
      message: 'the file is no database, or its beginning is damaged',
      hint: 'stop the server and put a copy in its place; nothing was deleted, so keep this file as well',
    },
  ],
  [
    /^SQLITE_CORRUPT/,
    {
      code: 'damaged',
      message: 'the database is damaged',
      hint: 'stop the server and put a copy in its place; nothing was deleted, so keep the damaged file as well',
    },
  ],
  [
    /^SQLITE_FULL/,
    { code: 'full', message: 'the disk is full; nothing was stored', hint: 'free some space, then send it again' },
  ],
  [
    /^SQLITE_IOERR/,
    {
      code: 'unavailable',
      message: 'the disk refused to write or read',
      hint: 'look at the disk and its cables, then start the server again',
    },
  ],
  [
    /^SQLITE_(BUSY|LOCKED)/,
    { code: 'unavailable', message: 'the database is in use by another program', hint: 'end that program' },
  ],
  [
    /^SQLITE_(READONLY|PERM|AUTH)/,
    { code: 'unavailable', message: 'the database may not be written', hint: 'give this user the right to write it' },
  ],
  [
    /^SQLITE_CANTOPEN/,
    {
      code: 'unavailable',
      message: 'the database cannot be opened',
      hint: 'see that its folder exists and can be written',
    },
  ],
];

/** The refusal that an error of SQLite is to its caller; any other error comes back as it is. */
export function toMootError(error: unknown): unknown {
  if (isMootError(error)) return error;
  const code = systemCode(error);
  const [, meaning] = meanings.find(([pattern]) => pattern.test(code)) ?? [];
  return meaning ? new MootError(meaning.code, meaning.message, { cause: error, hint: meaning.hint }) : error;
}

/** True when nothing this connection writes can be believed any more: a sync that failed, or pages that make no sense. */
export function breaksTheDisk(error: unknown): boolean {
  return /^SQLITE_(IOERR|CORRUPT|NOTADB)/.test(systemCode(error));
}
