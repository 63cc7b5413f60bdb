import type { SimulatedNetwork } from '../../scripts/simulate/simulated-network.js';
import { idOf, type LyingCall, type SimulatedServer } from '../../scripts/simulate/simulated-server.js';
import type { AskFrame } from '../../src/core/asking.js';
import { sleep } from '../../src/core/clock.js';
import { MootError } from '../../src/core/errors.js';
import type { Row } from '../../src/core/row.js';

/** How a server answers that lies; it can sign nothing but its own word, as the ports of the others see to. */
export type Liar = (call: LyingCall, network: SimulatedNetwork) => AsyncIterable<AskFrame>;

type Change = (frame: AskFrame, call: LyingCall) => AskFrame | readonly AskFrame[] | undefined;

/** Answers as an honest server would, frame by frame changed. */
function changing(change: Change): Liar {
  return async function* (call) {
    for await (const frame of call.honestly()) {
      const changed = change(frame, call);
      if (changed === undefined) continue;
      yield* 'kind' in changed ? [changed] : changed;
    }
  };
}

/** Changes what the server says of itself, and signs that. */
function ofItself(change: (row: Row, call: LyingCall) => Partial<Row>): Change {
  return (frame, call) => {
    if (frame.kind !== 'row' || frame.row.serverId !== call.server.id) return frame;
    const row = call.server.sign(call.request.queryId, { ...frame.row, ...change(frame.row, call) });
    return { kind: 'row', row };
  };
}

const isOfOthers = (frame: AskFrame, { server }: LyingCall): boolean =>
  (frame.kind === 'row' && frame.row.serverId !== server.id) ||
  (frame.kind === 'articles' && frame.articles.every(({ entry }) => entry.origin !== server.id));

/** Passes on its own articles alone. */
function withoutOthers(frame: AskFrame, { server }: LyingCall): AskFrame {
  if (frame.kind !== 'articles') return frame;
  return { ...frame, articles: frame.articles.filter(({ entry }) => entry.origin === server.id) };
}

/** Asks all that there are, before anybody else can, and keeps what they say. */
async function markEverybody(call: LyingCall, network: SimulatedNetwork): Promise<void> {
  const asked = [...network.servers.keys()].filter((id) => id !== call.server.id);
  await Promise.all(
    asked.map(async (peer) => {
      try {
        for await (const frame of call.ask(peer, { ...call.request, visited: [], have: [], avoid: [] }))
          if (frame.kind === 'end') return;
      } catch {
        // It is of no use to the liar.
      }
    }),
  );
}

const ghosts = Array.from({ length: 300 }, (_, at) => idOf(`ghost ${at}`));

export const liars: Readonly<Record<string, Liar>> = {
  'strips visited, have and avoid': async function* ({ honestly }) {
    yield* honestly((request) => ({ ...request, visited: [], have: [], avoid: [] }));
  },
  'forges visited': async function* ({ honestly }, network) {
    yield* honestly((request) => ({ ...request, visited: [...network.servers.keys()] }));
  },
  'gives each call a new id': async function* (call) {
    let calls = 0;
    const { queryId } = call.request;
    // Once for each query: how often it may is a matter of the rates that servers allow each other.
    const fresh = (): string => (queryId.includes(' ') ? queryId : `${queryId} ${call.server.name} ${calls++}`);
    // What others signed for the new ids is no word of theirs in this query.
    for await (const frame of call.honestly((request) => ({ ...request, queryId: fresh() })))
      if (frame.kind !== 'row' || frame.row.serverId === call.server.id) yield frame;
  },
  'drips for ever': async function* (call, { clock }) {
    while (!call.signal.aborted) {
      yield { kind: 'progress' };
      await sleep(clock, 200, call.signal);
    }
  },
  'sends rows without end': async function* (call, { clock }) {
    for await (const frame of call.honestly()) if (frame.kind === 'row') yield frame;
    for (let at = 0; !call.signal.aborted; at += 1) {
      const row: Row = { ...ghostRow(call), serverId: idOf(`ghost ${at % 5000}`) };
      yield { kind: 'row', row };
      if (at % 8 === 7) await sleep(clock, 100, call.signal);
    }
  },
  'says that it sends other articles': changing(ofItself(({ digest }) => ({ digest: digest.toReversed() }))),
  'says that it sends more': changing(ofItself(({ articles }) => ({ articles: articles + 1 }))),
  'keeps the articles of others': changing(withoutOthers),
  'keeps the rows of others': changing((frame, call) =>
    frame.kind === 'row' && isOfOthers(frame, call) ? undefined : frame,
  ),
  'keeps whole branches': changing((frame, call) =>
    frame.kind === 'row' && isOfOthers(frame, call) ? undefined : withoutOthers(frame, call),
  ),
  'keeps whole branches, and that it has them': changing((frame, call) =>
    isOfOthers(frame, call) && frame.kind === 'row'
      ? undefined
      : withoutOthers(ofItself(() => ({ links: [] }))(frame, call) as AskFrame, call),
  ),
  'links to what is not there': changing(ofItself(() => ({ links: ghosts }))),
  'says that others cannot be reached': changing((frame, call) => {
    if (frame.kind !== 'row' || !isOfOthers(frame, call)) return withoutOthers(frame, call);
    return { kind: 'row', row: { ...ghostRow(call), serverId: frame.row.serverId } };
  }),
  'says that it was asked before, and keeps all': async function* (call) {
    yield { kind: 'already-visited' };
    for await (const frame of call.honestly()) if (frame.kind === 'end') return;
  },
  'sends a row of another query': async function* (call) {
    for await (const frame of call.honestly()) {
      if (frame.kind === 'row') throw new MootError('damaged', 'a row was signed for another query');
      yield frame;
    }
  },
  'asks everybody first, and keeps all': async function* (call, network) {
    let marking: Promise<void> | undefined;
    const hidden = changing(ofItself(() => ({ links: [] })));
    for await (const frame of hidden(call, network)) {
      if (frame.kind !== 'already-visited') marking ??= markEverybody(call, network);
      if (frame.kind !== 'row' || !isOfOthers(frame, call)) yield withoutOthers(frame, call);
    }
    await marking;
  },
};

function ghostRow({ server, request }: LyingCall): Row {
  const row: Row = {
    serverId: '',
    name: 'ghost',
    outcome: 'UNREACHABLE',
    hop: request.hop + 1,
    via: server.id,
    tookMs: 0,
    ageMs: undefined,
    reason: 'so they say',
    articles: 0,
    digest: new Uint8Array(0),
    held: 0,
    links: [],
    signed: undefined,
  };
  return row;
}

/** Makes `server` a liar. */
export function corrupt(network: SimulatedNetwork, server: SimulatedServer, liar: Liar): void {
  server.faults.answers = (call) => liar(call, network);
}
