import type { Admission } from '../community/membership.js';
import type { Peering } from '../community/policy.js';

/** What happens, for people and machines to read. `text` is one line; the other fields belong to it. */
export type Log = (event: { level: 'info' | 'warn' | 'error'; text: string; [field: string]: unknown }) => void;

export interface RegistryConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** undefined: no limit. */
  readonly maxServers?: number | undefined;
  /** Default 15 s. */
  readonly leaseMs?: number | undefined;
  /** Plaintext on an address that is not loopback. */
  readonly insecure?: boolean | undefined;
  readonly log?: Log | undefined;
}

export interface ServerConfig {
  /** 0: a free one; then `name` or `data` is needed. */
  readonly port: number;
  readonly host: string;
  /** HOST:PORT that others are told; default localhost:PORT. */
  readonly advertise?: string | undefined;
  /** Default Server50052, by the port. */
  readonly name?: string | undefined;
  /** Default .moot/NAME. */
  readonly data?: string | undefined;
  /** The topics it takes; an empty list takes all. */
  readonly topics: readonly string[];
  readonly maxMembers?: number | undefined;
  readonly admission: Admission;
  /** Default: open where admission is open, else approval. */
  readonly peering?: Peering | undefined;
  readonly readable: 'members' | 'public';
  /** sqlite:FILE or memory:; default the data folder's moot.db. */
  readonly store?: string | undefined;
  readonly registries: readonly string[];
  /** Where the operator's token is kept for the person who starts the server. */
  readonly home?: string | undefined;
  readonly identityFile?: string | undefined;
  readonly insecure: boolean;
  readonly log?: Log | undefined;
}

/** A part that runs. */
export interface Running {
  /** HOST:PORT to reach it. */
  readonly address: string;
  /** Drains and closes it; at most 10 s. */
  stop(): Promise<void>;
}

export interface RunningServer extends Running {
  readonly id: string;
  readonly name: string;
  /** At every registry. */
  readonly registered: boolean;
  /** "registered at localhost:50051", or why not yet. */
  readonly registryNote: string;
  /** Calls `listener` when the disk has refused: no further acknowledgement will be given. */
  onBroken(listener: (error: Error) => void): void;
}

export interface DemoConfig {
  /** 1 or more. */
  readonly communities: number;
  /** The communities take the ports after it; 0: free ones. */
  readonly registryPort: number;
  /** Where everything is kept. */
  readonly folder: string;
  /** Where the operators' tokens are left; default `folder`/home. */
  readonly home?: string | undefined;
  readonly log?: Log | undefined;
}

export interface RunningDemo {
  /** HOST:PORT of the registry. */
  readonly registry: string;
  readonly servers: readonly { readonly id: string; readonly name: string; readonly address: string }[];
  stop(): Promise<void>;
}
