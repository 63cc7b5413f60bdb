/** Counts what was changed here. */
export interface Changing {
  readonly version: number;
}

/** What `read` gives, unless something was changed here meanwhile: then it may be older than that, and is read again. */
export async function readWhole<T>(changing: Changing, read: () => Promise<T>): Promise<T> {
  for (;;) {
    const { version } = changing;
    const found = await read();
    if (changing.version === version) return found;
  }
}
