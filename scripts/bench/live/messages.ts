/** What the processes of a measurement say to each other. */
export type ToReader = { readonly ask: 'count' };
export type FromReader =
  | { readonly kind: 'ready' }
  /** The slowest of its subscribers has decoded so many. */
  | { readonly kind: 'slowest'; readonly articles: number }
  /** All of its subscribers together, by its own clock in milliseconds. */
  | { readonly kind: 'count'; readonly articles: number; readonly atMs: number; readonly cpuMs: number };

/** It may publish up to so many articles. */
export type ToWriter = { readonly upTo: number };

export type FromDelay = { readonly kind: 'delay'; readonly seenMs: number; readonly echoMs: number };

export type FromIdle =
  | { readonly kind: 'ready' }
  /** Every subscriber of this process has got one more article. */
  | { readonly kind: 'all'; readonly atMs: number }
  | { readonly kind: 'lost'; readonly reason: string };

export type FromHealthy =
  | { readonly kind: 'ready' }
  /** From stored to seen. */
  | { readonly kind: 'late'; readonly articles: number; readonly p99Ms: number };
