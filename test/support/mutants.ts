type Path = readonly (string | number)[];

/** What may be done to one value that is part of a genuine whole. */
const changes = {
  flip: (bytes: Uint8Array, random: () => number): Uint8Array => {
    const flipped = Buffer.from(bytes);
    const at = Math.floor(random() * flipped.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return flipped;
  },
  cut: (bytes: Uint8Array, random: () => number): Uint8Array =>
    Buffer.from(bytes.subarray(0, Math.floor(random() * bytes.length))),
  extend: (bytes: Uint8Array, random: () => number): Uint8Array =>
    Buffer.concat([bytes, Buffer.of(Math.floor(random() * 256))]),
  double: (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, bytes]),
  zero: (bytes: Uint8Array): Uint8Array => Buffer.alloc(bytes.length),
  // A field that nobody knows, as protobuf writes it: decoders pass over it.
  unknownField: (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, Buffer.from('f80701', 'hex')]),
};
const byteChanges = Object.values(changes);

/** By how much numbers are changed. */
const steps = [1, -1, 2, 256, 65_536, 4_294_967_296];

/**
 * Makes wholes that nobody has signed of ones that somebody has: one value of it, however deep, is altered, or taken from
 * another, genuine whole; a `forgery` does what a stranger can who has a key of their own.
 */
export class Mutants<T> {
  private readonly kinds: readonly ((one: T, another: T) => T)[];

  /** @param genuine two at least. @param forgeries each makes of one, and another, what is neither. */
  constructor(
    private readonly genuine: readonly T[],
    private readonly random: () => number,
    forgeries: readonly ((one: T, another: T) => T)[],
  ) {
    const alter = (one: T): T => this.altered(one);
    const swap = (one: T, another: T): T => this.swapped(one, another);
    this.kinds = [alter, swap, alter, swap, ...forgeries];
  }

  *take(count: number): Generator<T> {
    const genuine = new Set(this.genuine.map(asText));
    for (let made = 0; made < count; ) {
      const kind = this.kinds[made % this.kinds.length] ?? this.pick(this.kinds);
      const mutant = kind(this.pick(this.genuine), this.pick(this.genuine));
      if (genuine.has(asText(mutant))) continue;
      made += 1;
      yield mutant;
    }
  }

  private altered(one: T): T {
    const copy = structuredClone(one);
    const path = this.pick([...leaves(copy, [])]);
    return put(copy, path, this.alter(get(copy, path)));
  }

  private alter(value: unknown): unknown {
    const { random } = this;
    if (value instanceof Uint8Array) return this.pick(byteChanges)(value, random);
    if (typeof value === 'bigint') return value + BigInt(this.pick(steps));
    if (typeof value === 'number') return value + this.pick(steps);
    if (typeof value !== 'string') return undefined;
    const at = Math.floor(random() * value.length);
    const letter = String.fromCharCode(97 + Math.floor(random() * 26));
    return this.pick([value.slice(0, at), `${value.slice(0, at)}${letter}${value.slice(at + 1)}`, `${value}${letter}`]);
  }

  private swapped(one: T, another: T): T {
    const copy = structuredClone(one);
    const path = this.pick([...leaves(copy, [])]);
    return put(copy, path, structuredClone(get(another, path)));
  }

  private pick<V>(list: readonly V[]): V {
    return list[Math.floor(this.random() * list.length)] as V;
  }
}

/** The same for the same values, whatever holds the bytes. */
function asText(whole: unknown): string {
  return JSON.stringify(whole, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    return value instanceof Uint8Array || isBuffer(value) ? Buffer.from(value).toString('hex') : value;
  });
}

/** As `Buffer.toJSON` leaves it, which comes first. */
function isBuffer(value: unknown): value is Buffer {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
}

function* leaves(value: unknown, path: Path): Generator<Path> {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) {
    yield path;
    return;
  }
  // A list as a whole may be another's as well.
  if (Array.isArray(value) && path.length > 0) yield path;
  for (const [name, part] of Object.entries(value)) yield* leaves(part, [...path, name]);
}

function get(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], value);
}

function put<T>(whole: T, path: Path, value: unknown): T {
  const last = path.at(-1);
  if (last === undefined) return value as T;
  (get(whole, path.slice(0, -1)) as Record<string, unknown>)[last] = value;
  return whole;
}

/** How many of the wholes `accepts` takes; what it throws at is refused. */
export function accepted<T>(wholes: Iterable<T>, accepts: (whole: T) => unknown): number {
  let taken = 0;
  for (const whole of wholes) {
    try {
      if (accepts(whole)) taken += 1;
    } catch {
      // Refused.
    }
  }
  return taken;
}
