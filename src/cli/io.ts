/** Where text goes. */
export interface Output {
  readonly isTTY: boolean;
  /** Width of the terminal in columns; 80 where there is none. */
  readonly columns: number;
  /** Resolves when there is room for more. @throws OutputClosed when nobody reads any longer (`| head`). */
  write(text: string): Promise<void>;
}

export interface TerminalStreams {
  readonly input: NodeJS.ReadableStream & { setRawMode(on: boolean): unknown };
  readonly output: NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };
}

/** All that a command sees of the process around it. src/bin makes the real one, tests their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY: boolean };
  /** The streams of the terminal, for commands that ask questions; undefined unless it can be read and written. */
  readonly terminal: TerminalStreams | undefined;
  /** The terminal is ours to read: a program in its background that does so is stopped. */
  isForeground(): boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls `listener` at each Ctrl-C or SIGTERM until the returned function is called. */
  onSignal(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(status: number): void;
}

/** The reader of our output has gone: nothing is wrong, there is only nobody to write for. */
export class OutputClosed extends Error {
  constructor() {
    super('nobody reads the output any longer');
    this.name = 'OutputClosed';
  }
}
