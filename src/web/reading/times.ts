const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** A length of time in its largest unit, rounded down: `4 minutes`, `less than a second`. */
export function length(ms: number): string {
  const [name, size] = units.find(([, size]) => ms >= size) ?? ['', 0];
  return size === 0 ? 'less than a second' : counted(Math.floor(ms / size), name);
}

/** How long ago that was; behind a month the day itself. */
export function ago(iso: string, nowMs: number): string {
  const ms = nowMs - Date.parse(iso);
  if (ms < 60_000) return 'just now';
  return ms < 30 * 86_400_000
    ? `${length(ms)} ago`
    : new Date(iso).toLocaleDateString(undefined, { dateStyle: 'medium' });
}

/** A moment in full, on the reader's clock. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'short' });
}

/** `1 article`, `1,024 articles`. */
export function counted(count: number, noun: string): string {
  const many = noun.endsWith('y') && !/[aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count.toLocaleString('en-GB')} ${count === 1 ? noun : many}`;
}
