/** What was typed cannot be meant: exit status 2. `hint` follows `try:`. */
export class UsageError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'UsageError';
    this.hint = hint;
  }
}

export function usage(message: string, hint?: string, cause?: unknown): UsageError {
  return new UsageError(message, hint, cause);
}
