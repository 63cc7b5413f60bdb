/** What `frames` gives until the signal fires; then its reason is thrown, even while nothing comes. */
export async function* untilAborted<T>(frames: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = frames[Symbol.asyncIterator]();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
  aborted.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // Not waited for: a stream that hangs does not return before what it waits for comes.
    iterator.return?.().then(undefined, () => undefined);
  }
}
