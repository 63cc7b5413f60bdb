/** What a backup says of itself. */
interface Facts {
  readonly id: string;
  readonly madeAtMs: number;
  readonly bytes: number;
  readonly articles: number | null;
  readonly members: number | null;
}

/** As --json has it. */
export function backupJson({ id, madeAtMs, bytes, articles, members }: Facts): object {
  return { id, madeAt: new Date(madeAtMs).toISOString(), bytes, articles, members };
}

export function backupText({ id, bytes, articles, members }: Facts): string {
  const counts = articles === null ? '' : `${counted(articles, 'article')}, ${counted(members ?? 0, 'member')}, `;
  return `${counts}${mebibytes(bytes)} of ${id.slice(0, 12)}…`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
