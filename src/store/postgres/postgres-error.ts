import { type ErrorCode, isMootError, MootError, systemCode } from '../../core/errors.js';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const away: Meaning = {
  code: 'unavailable',
  message: 'PostgreSQL is away',
  hint: 'see that it runs and can be reached; what is sent again with the same key makes no second article',
};

/** By SQLSTATE (PostgreSQL, appendix A). */
const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [/^(08|57P0[1-3])/, away],
  [
    /^28/,
    {
      code: 'denied',
      message: 'PostgreSQL refuses this user or password',
      hint: 'name the user and the password in the store, or the password in PGPASSWORD',
    },
  ],
  [
    /^3D000$/,
    { code: 'not_found', message: 'there is no such database', hint: 'make it with createdb, or name another one' },
  ],
  [
    /^42501$/,
    {
      code: 'denied',
      message: 'this user of PostgreSQL lacks a right',
      hint: 'make it the owner of the schema, or let it create one: GRANT CREATE ON DATABASE … TO …',
    },
  ],
  [/^53100$/, { code: 'full', message: 'the disk of PostgreSQL is full', hint: 'free some space, then send it again' }],
  [
    /^53/,
    {
      code: 'unavailable',
      message: 'PostgreSQL has no room for more connections or work',
      hint: 'raise max_connections, or end what uses them; each replica takes up to 6',
    },
  ],
  [
    /^(57014|55P03|25P03|40...|25006)$/,
    {
      code: 'unavailable',
      message: 'PostgreSQL did not come to it in time',
      hint: 'try again; where that goes on, see what holds its locks or its disk',
    },
  ],
];

/** The refusal that an error of PostgreSQL is to its caller; any other error comes back as it is. */
export function toMootError(error: unknown): unknown {
  if (isMootError(error)) return error;
  if (isLost(error)) return refusal(away, error);
  const [, meaning] = meanings.find(([pattern]) => pattern.test(systemCode(error))) ?? [];
  return meaning ? refusal(meaning, error) : error;
}

/** Nobody knows whether what was asked was done: the connection ended before the answer. */
export function isLost(error: unknown): boolean {
  const code = systemCode(error);
  if (/^(08|57P0[1-3])/.test(code)) return true;
  if (/^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_\w+|EHOST\w+|ENET\w+|ENOENT)$/.test(code)) return true;
  return error instanceof Error && withoutCode.test(error.message);
}

/** What the driver says by itself, and gives no code. */
const withoutCode = /^(Connection terminated|Query read timeout|timeout e|Client (has encountered|was closed))/;

/** Somebody else was faster, or stood in the way: nothing was done, and it may be tried again. */
export function isConflict(error: unknown): boolean {
  return /^(40001|40P01|55P03|25P03)$/.test(systemCode(error));
}

/** Two have made the same thing at the same time. */
export function isTwice(error: unknown): boolean {
  return /^(23505|42P0[67]|42710|XX000)$/.test(systemCode(error));
}

/** What is asked for has another shape than what moot makes. */
export function isOtherShape(error: unknown): boolean {
  return /^(42703|42P01|42883|42804)$/.test(systemCode(error));
}

/** Says which database it is about: that it is none of moot's, or cannot be reached. */
export function namedError(error: unknown, name: string): unknown {
  if (!isMootError(error) || error.message.includes(name)) return error;
  const { code, message, hint, cause } = error;
  const isNoHost = /^(ENOTFOUND|EAI_)/.test(systemCode(cause));
  const why = isNoHost ? 'there is no such host' : message;
  const next = code === 'unavailable' ? 'see that PostgreSQL runs there, and that the address is right' : hint;
  return new MootError(code, `${name} cannot be used: ${why}`, {
    cause,
    field: 'store',
    ...(next === undefined ? {} : { hint: next }),
  });
}

function refusal({ code, message, hint }: Meaning, cause: unknown): MootError {
  return new MootError(code, message, { cause, hint, ...(code === 'unavailable' ? {} : { field: 'store' }) });
}
