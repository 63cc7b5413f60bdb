import type { Moot } from '../client/index.js';
import { readAuthority } from './authority.js';
import type { Io } from './io.js';
import { type Colours, coloursFor } from './render/colours.js';
import { jsonLine } from './render/json-lines.js';
import type { Settings } from './settings.js';

/** One run of one command. */
export class Session {
  readonly colours: Colours;
  /** What this run is about, for the line that says it failed: `cannot publish to Hamlet`. */
  doing: string;
  /** The exit status, when nothing is thrown. */
  status = 0;
  private opened: Promise<Moot> | undefined;
  private readonly others: Moot[] = [];

  constructor(
    command: string,
    readonly io: Io,
    readonly settings: Settings,
    /** Fires at the first Ctrl-C. */
    readonly signal: AbortSignal,
    /** Of this program. */
    readonly version: string,
  ) {
    this.doing = command;
    this.colours = coloursFor(io.stdout, io.env);
  }

  /** The network; opened when it is first asked for, and loaded then too, so that a server starts without it. */
  moot(): Promise<Moot> {
    this.opened ??= this.open(this.settings.home);
    return this.opened;
  }

  /** The network with another home folder, where other memberships are kept. */
  async mootAt(home: string): Promise<Moot> {
    const moot = await this.open(home);
    this.others.push(moot);
    return moot;
  }

  /** Columns that what goes to stdout may take: those of the terminal, or any number where there is none. */
  get columns(): number {
    return this.io.stdout.isTTY ? this.io.stdout.columns : Number.POSITIVE_INFINITY;
  }

  /** The result, for people; nothing with --json. */
  async say(text: string): Promise<void> {
    if (!this.settings.json) await this.io.stdout.write(text);
  }

  /** The result, for scripts: with --json only. */
  async give(value: object): Promise<void> {
    if (this.settings.json) await this.io.stdout.write(jsonLine(value));
  }

  /** Beside the result: on stderr, and not with --quiet. */
  async note(text: string): Promise<void> {
    if (!this.settings.quiet) await this.io.stderr.write(text);
  }

  /** What went wrong without ending the command. */
  async complain(text: string): Promise<void> {
    await this.io.stderr.write(text);
  }

  async close(): Promise<void> {
    // One that could not be opened has been told of where it was asked for.
    await (await this.opened?.catch(() => undefined))?.close();
    for (const moot of this.others) await moot.close();
  }

  private async open(home: string): Promise<Moot> {
    const { registries, timeoutMs, insecure, tlsCaFile } = this.settings;
    const ca = await readAuthority(tlsCaFile);
    const { connect } = await import('../client/index.js');
    return connect({ registry: registries, home, timeoutMs, insecure, tls: ca === undefined ? undefined : { ca } });
  }
}
