/** Who holds a lease now. */
export interface LeaseHolder {
  readonly name: string;
  readonly holder: string;
}

/** What one replica of a community does for all, and for how long, by one clock for all of them. */
export interface LeaseStore {
  /** Takes it where nobody holds it any more, or renews it, for `forMs` from now. @returns false while another one holds it. */
  hold(name: string, holder: string, forMs: number): Promise<boolean>;
  /** Gives it back, if it is that holder's. */
  release(name: string, holder: string): Promise<void>;
  /** Those whose lease is not over, of names that begin with `prefix`, in the order of the names. */
  holders(prefix: string): Promise<readonly LeaseHolder[]>;
}
