/** Thrown by a prompt at Escape or Ctrl-D: what was begun is left, and the menu comes again. */
export class Back extends Error {
  constructor() {
    super('back to the menu');
    this.name = 'Back';
  }
}

/** Thrown by a prompt at Ctrl-C, or when the terminal has gone: the program is left. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}
