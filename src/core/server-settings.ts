import type { ServerLimits } from './server-limits.js';

/** What is in force at a server, for its operator. */
export interface ServerSettings {
  readonly limits: ServerLimits;
  /** Where its data is, on its own machine. */
  readonly dataFolder: string;
  readonly identityFile: string;
  /** undefined: its store is no file. */
  readonly databaseFile: string | undefined;
}
