import type { Links } from '../community/links.js';
import type { Mirrors } from '../federation/mirrors/mirrors.js';

/**
 * The two parts of a server that are used by what they are themselves made of. The links say where peers are, and are made
 * of what calls peers; the mirrors keep the keys of others, and are made of what checks by these keys.
 */
export class Ahead {
  readonly links = new Later<Links>();
  readonly mirrors = new Later<Mirrors>();
}

/** A part that others are given before it is there. */
class Later<Part> {
  private part: Part | undefined;

  /** Hands `part` back, and to all who use it from now on. */
  is(part: Part): Part {
    this.part = part;
    return part;
  }

  /** @throws where it is used before it is made, which is a bug. */
  get now(): Part {
    if (this.part === undefined) throw new Error('a part was used before it was made');
    return this.part;
  }
}
