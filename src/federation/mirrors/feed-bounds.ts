/** Times and sizes of the feed between servers. Sources: DESIGN of the network ("The live feed"), unless a line says otherwise. */
export const feedBounds = {
  heartbeatMs: 5_000,
  /** Three heartbeats that did not come. */
  silenceMs: 15_000,
  leastBackOffMs: 250,
  mostBackOffMs: 30_000,
  /** A stream that lasted so long has worked: the next back-off begins anew. */
  steadyMs: 30_000,
  originsPerLink: 1_000,
  /** Commits that a link may have in hand before they are checked; one may always be. */
  uncheckedBytes: 1024 * 1024,
  /** So many broken commits of one log a stream may bring before it is believed nothing more of that log. */
  brokenCommits: 16,
  /**
   * Frames of a stream that bring nothing: so many at once, and so many a second for ever. An honest peer sends some in 5 s,
   * and a thousand when the logs that it carries come by other ways.
   */
  idleFrames: 1_000,
  idleFramesPerSecond: 50,
  /** What counts as so much of one: what an honest peer, too, may send without end for a while. */
  doubtfulCost: 0.2,
  /** Logs of which a stream's progress is remembered: twice the share of a link. */
  namedOrigins: 2_000,
  /** A peer whose stream was ended for what it sent is left alone for so long at least. */
  misbehavedMs: 5_000,
  /** What is checked, and then written, at once. */
  batchBytes: 512 * 1024,
  /** What is read of one log before the next has its turn. */
  sliceBytes: 128 * 1024,
  /** What waits for a follower that reads slowly; the rest it gets from the log. */
  queueBytes: 256 * 1024,
  /** In which a missing entry is looked for elsewhere. */
  repairMs: 5_000,
  /** A peer that was asked for it may be silent so long before the next is asked as well. */
  repairPatienceMs: 1_000,
  expireMs: 60_000,
  /** What a server waits for its peers when it starts, before anybody may publish. */
  ownLogMs: 3_000,
  /** Paths that change are told again at most this often, so that a withdrawal does not set off a storm. */
  announceMs: 200,
  /** Longer chains of servers carry nothing on. */
  pathServers: 255,
  /** A peer's word on one log is checked at most this often. */
  headMs: 2_000,
  keepHeadsMs: 30_000,
} as const;
