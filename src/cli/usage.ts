/** What was typed cannot be meant: exit status 2. `hint` follows `try:`. */
export class UsageError extends Error {
  /** What is at fault, as scripts name it: `limit`, `fanOut`, `port`; a variable or a key of config.toml as it is written. */
  readonly field: string;
  readonly hint: string | undefined;

  constructor(field: string, message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'UsageError';
    this.field = toField(field);
    this.hint = hint;
  }
}

/** @param at the flag, argument, variable or key at fault: `--fan-out`, `PORT`, `MOOT_REGISTRY`, `server.name`. */
export function usage(at: string, message: string, hint?: string, cause?: unknown): UsageError {
  return new UsageError(at, message, hint, cause);
}

/** `--fan-out` is `fanOut`, and `PORT` is `port`; all else is a name already. */
function toField(at: string): string {
  if (at.startsWith('--')) return at.slice(2).replace(/-+(\w)/g, (_, letter: string) => letter.toUpperCase());
  return /^[A-Z]+$/.test(at) ? at.toLowerCase() : at;
}
