/**
 * Runs `work` on what comes, at most `atOnce` side by side, and yields the results in the order of the input. Reading goes
 * on while results wait, so that one stream can fill a batch.
 */
export async function* inOrder<In, Out>(
  input: AsyncIterable<In>,
  atOnce: number,
  work: (item: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const running: Promise<Out>[] = [];
  const items = input[Symbol.asyncIterator]();
  try {
    let next: Promise<IteratorResult<In>> | undefined = quiet(items.next());
    while (next || running.length > 0) {
      const [first] = running;
      const arrived: IteratorResult<In> | 'result' = await settled(next, first, running.length >= atOnce);
      if (arrived === 'result') {
        void running.shift();
        if (first) yield await first;
        continue;
      }
      next = arrived.done ? undefined : quiet(items.next());
      if (!arrived.done) running.push(quiet(work(arrived.value)));
    }
  } finally {
    // Not waited for: a reader that waits for its next item returns only when that has come, or the call has ended.
    items.return?.().then(undefined, () => undefined);
  }
}

/** What comes first: the next item, or the first result; only the result when nothing more may start. */
async function settled<In>(
  next: Promise<IteratorResult<In>> | undefined,
  first: Promise<unknown> | undefined,
  isFull: boolean,
): Promise<IteratorResult<In> | 'result'> {
  const result = first?.then(
    () => 'result' as const,
    () => 'result' as const,
  );
  if (!next || (isFull && result)) return (await result) ?? 'result';
  return result ? Promise.race([next, result]) : next;
}

/** A failure waits to be read in its turn; until then it is no unhandled rejection. */
function quiet<Out>(promise: Promise<Out>): Promise<Out> {
  promise.catch(() => undefined);
  return promise;
}
