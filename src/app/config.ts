import type { Admission } from '../community/membership.js';
import type { PeeringPolicy } from '../community/policy.js';
import type { ServerLimits } from '../core/server-limits.js';
import type { CertificateFiles } from './read-certificate.js';
import type { ServerView } from './server-view.js';

/** What happens, for people and machines to read. `text` is one line; the other fields belong to it. */
export type Log = (event: {
  level: 'debug' | 'info' | 'warn' | 'error';
  text: string;
  [field: string]: unknown;
}) => void;

/** Where a program is watched: /metrics, /livez and /readyz. */
export interface MonitorConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Of this program, for the figures to say. */
  readonly version: string;
}

export interface RegistryConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** undefined: no limit. */
  readonly maxServers?: number | undefined;
  /** Default 15 s. */
  readonly leaseMs?: number | undefined;
  /** What others may take of it; what is not named is as `defaultLimits` says. */
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Lists servers without calling them back first. */
  readonly unproved?: boolean | undefined;
  /** Plaintext on an address that is not loopback. */
  readonly insecure?: boolean | undefined;
  /** What it shows to who connects; none: it speaks plaintext. */
  readonly certificate?: CertificateFiles | undefined;
  /** None: it is not watched. */
  readonly monitor?: MonitorConfig | undefined;
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
  /** How many first articles of a new member wait for approval; default none. */
  readonly holdFirst?: number | undefined;
  /** Default: open where admission is open, else approval. */
  readonly peering?: PeeringPolicy | undefined;
  readonly readable: 'members' | 'public';
  /** sqlite:FILE, postgres://… or memory:; default the data folder's moot.db. */
  readonly store?: string | undefined;
  /** local: or nats://HOST:PORT, over which replicas ring for each other; default local:. */
  readonly bus?: string | undefined;
  /** How long what came from other communities is kept; default 7. */
  readonly mirrorDays?: number | undefined;
  /** How many entries are kept of what one link brings; default 1,000,000. */
  readonly mirrorArticles?: number | undefined;
  readonly registries: readonly string[];
  /** Where the operator's token is kept for the person who starts the server. */
  readonly home?: string | undefined;
  readonly identityFile?: string | undefined;
  /** What it shows to who connects; none: it speaks plaintext. */
  readonly certificate?: CertificateFiles | undefined;
  /**
   * PEM of who vouches for registries that are named without a fingerprint, and for a bus with tls://; none: those registries
   * speak plaintext, and whom the system trusts vouches for the bus.
   */
  readonly ca?: string | undefined;
  readonly insecure: boolean;
  /** What others may take of it; what is not named is as `defaultLimits` says. */
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Peers on networks that are not the public internet are dialled as well; those on this machine are, where `host` is loopback. */
  readonly allowPrivatePeers?: boolean | undefined;
  /** None: it is not watched. */
  readonly monitor?: MonitorConfig | undefined;
  readonly log?: Log | undefined;
}

/** A part that runs. */
export interface Running {
  /** HOST:PORT to reach it; with #FINGERPRINT when it speaks TLS. */
  readonly address: string;
  /** Where it is watched: http://127.0.0.1:9464; none: it is not. */
  readonly monitor?: string | undefined;
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
  readonly view: ServerView;
  /** Calls `listener` when the disk has refused: no further acknowledgement will be given. */
  onBroken(listener: (error: Error) => void): void;
}

export interface WebConfig {
  readonly registries: readonly string[];
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Where it is reached besides the address it listens on: https://moot.example. */
  readonly origins?: readonly string[] | undefined;
  /** The one community that is shown; default: all that are listed. */
  readonly only?: { readonly id: string; readonly address: string } | undefined;
  readonly version: string;
  readonly insecure: boolean;
  readonly timeoutMs?: number | undefined;
  /** PEM of who vouches for what is named without a fingerprint. */
  readonly ca?: string | undefined;
  /** None: it is not watched. */
  readonly monitor?: MonitorConfig | undefined;
  readonly log?: Log | undefined;
}

export interface RunningWeb extends Running {
  /** The page is served, not the API and the feeds alone. */
  readonly hasPage: boolean;
}

export interface DemoConfig {
  /** 1 or more. */
  readonly communities: number;
  /** The communities take the ports after it; 0: free ones. */
  readonly registryPort: number;
  /** Of the web gateway; a free one where it is taken. 0: a free one. */
  readonly webPort: number;
  readonly version: string;
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
  readonly web: RunningWeb;
  stop(): Promise<void>;
}
