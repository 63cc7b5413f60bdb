import { idOf } from '../../scripts/simulate/simulated-server.js';
import type { Row } from '../../src/core/row.js';
import { nothingSaid } from '../../src/federation/row-book.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { toWireArticle } from '../../src/wire/convert-article.js';
import { checkRow, signRow, toWireRow } from '../../src/wire/convert-row.js';
import type { ArticleBatch } from '../../src/wire/gen/moot/v1/article.js';
import { AskRequest, AskResponse, FollowResponse, IntroduceResponse } from '../../src/wire/gen/moot/v1/federation.js';
import type { HostileCall } from './hostile-call.js';
import type { Behaviour } from './hostile-door.js';
import { sealCommit } from './sealed.js';

type AskFrame = NonNullable<AskResponse['frame']>;
type FollowFrame = NonNullable<FollowResponse['frame']>;
type Change<Frame> = (frame: Frame, call: HostileCall) => Frame | readonly Frame[] | undefined;

const word: AskFrame = { $case: 'progress', value: { calls: 0 } };
const heartbeat: FollowFrame = { $case: 'heads', value: { heads: [] } };
/** Ids of servers that are not there. */
const ghosts = Array.from({ length: 5000 }, (_, at) => idOf(`ghost ${at}`));
const ghostAt = (at: number): string => ghosts[at % ghosts.length] ?? '';
const another = createIdentity();

const sendAsk = (call: HostileCall, frame: AskFrame): Promise<void> =>
  call.send(AskResponse.encode({ frame }).finish());
const sendFollow = (call: HostileCall, frame: FollowFrame): Promise<void> =>
  call.send(FollowResponse.encode({ frame }).finish());
const askOf = (call: HostileCall): AskRequest => AskRequest.decode(call.request);

/** What an honest server would answer, frame by frame changed. */
function asks(change: Change<AskFrame>): (call: HostileCall) => Promise<void> {
  return async (call) => {
    for await (const bytes of call.honestly()) {
      const { frame } = AskResponse.decode(bytes);
      const changed = frame && change(frame, call);
      for (const each of listOf(changed)) await sendAsk(call, each);
    }
    call.end();
  };
}

function follows(change: Change<FollowFrame>): (call: HostileCall) => Promise<void> {
  return async (call) => {
    for await (const bytes of call.honestly()) {
      const { frame } = FollowResponse.decode(bytes);
      const changed = frame && change(frame, call);
      for (const each of listOf(changed)) await sendFollow(call, each);
    }
    call.end();
  };
}

function listOf<T extends object>(changed: T | readonly T[] | undefined): readonly T[] {
  if (changed === undefined) return [];
  return Array.isArray(changed) ? (changed as readonly T[]) : [changed as T];
}

/** Changes what it says of itself, and signs that. */
function ofItself(change: (row: Row) => Partial<Row>, signer?: Identity): Change<AskFrame> {
  return (frame, call) => {
    if (frame.$case !== 'row' || frame.value.serverId !== call.identity.id) return frame;
    const { queryId } = askOf(call);
    const row = checkRow(frame.value, queryId);
    const { via } = row;
    return {
      $case: 'row',
      value: toWireRow({ ...signRow(signer ?? call.identity, queryId, { ...row, ...change(row) }), via }),
    };
  };
}

const onArticles =
  (change: (batch: ArticleBatch) => ArticleBatch): Change<AskFrame> =>
  (frame) =>
    frame.$case === 'articles' ? { $case: 'articles', value: change(frame.value) } : frame;

/** A row about somebody whom nobody has named. */
function invented(at: number, call: HostileCall): AskFrame {
  const { queryId, hop } = askOf(call);
  const words = { name: '', outcome: 'UNREACHABLE', hop: hop + 1, tookMs: 0, reason: 'so they say' } as const;
  const row: Row = { ...nothingSaid, ...words, serverId: ghostAt(at % 500), via: call.identity.id };
  return { $case: 'row', value: toWireRow(signRow(call.identity, queryId, row)) };
}

async function forEver(call: HostileCall, send: (at: number) => Promise<void>): Promise<void> {
  for (let at = 0; !call.isOver; at += 1) {
    await send(at);
    // Far more than anybody takes. Who asks shares this process, and is to be held up by what comes, not by the making of it.
    if (at % 16 === 15) await call.pause(2);
  }
}

const silence = async (call: HostileCall): Promise<void> => call.pause(600_000);

const huge = async (call: HostileCall): Promise<void> => {
  await call.send(Buffer.alloc(2 * 1024 * 1024));
  call.end();
};

async function dripBytes(call: HostileCall): Promise<void> {
  // The first word of a message of 60,000 bytes, and a byte of it now and then.
  await call.sendBytes(Buffer.from([0, 0, 0, 0xea, 0x60]));
  await forEver(call, async () => {
    await call.sendBytes(Buffer.alloc(1));
    await call.pause(200);
  });
}

async function garbage(call: HostileCall): Promise<void> {
  await call.send(Buffer.from('not what was asked for'.repeat(50)));
  call.end();
}

/** All that came over this link before, again. */
function replays(): Behaviour {
  const told: Buffer[] = [];
  const fed: FollowFrame[] = [];
  return {
    ask: async (call) => {
      if (told.length === 0) for await (const bytes of call.honestly()) told.push(Buffer.from(bytes));
      for (const bytes of told) await call.send(bytes);
      call.end();
    },
    follow: follows((frame) => {
      if (frame.$case === 'commits') fed.push(frame);
      return [frame, ...fed.slice(-20)];
    }),
  };
}

/** In the name of `far`, sealed with its own key. */
function forges(far: string): Behaviour {
  return {
    ask: asks((frame, { identity }) => {
      const forged = sealCommit({ ...identity, id: far }, 2, { topic: 'news' });
      return frame.$case === 'articles' ? { $case: 'articles', value: { articles: forged.map(toWireArticle) } } : frame;
    }),
    follow: follows((frame) => {
      if (frame.$case === 'carrying') return { $case: 'carrying', value: { ...frame.value, origin: far } };
      if (frame.$case !== 'commits') return frame;
      const pieces = frame.value.pieces.map((piece) => ({
        ...piece,
        seal: piece.seal && { ...piece.seal, origin: far },
      }));
      return { $case: 'commits', value: { pieces } };
    }),
  };
}

/**
 * What a hostile server does, by name.
 * @param far the id of a healthy server that is none of its links.
 */
export function behaviours(far: string): Readonly<Record<string, Behaviour>> {
  return {
    'sends without end': {
      ask: async (call) => forEver(call, (at) => sendAsk(call, invented(at, call))),
      follow: async (call) =>
        forEver(call, (at) => sendFollow(call, { $case: 'stopped', value: { origin: ghostAt(at) } })),
    },
    'says for ever that it works': {
      ask: async (call) =>
        forEver(call, async () => {
          await sendAsk(call, word);
          await call.pause(200);
        }),
      follow: async (call) => forEver(call, () => sendFollow(call, heartbeat)),
    },
    'says that it works as fast as it can': { ask: async (call) => forEver(call, () => sendAsk(call, word)) },
    'drips bytes': { ask: dripBytes, follow: dripBytes },
    'never answers': { ask: silence, follow: silence },
    'sends messages that are too large': { ask: huge, follow: huge },
    'sends what cannot be read': { ask: garbage, follow: garbage },
    'breaks off in the middle': {
      ask: async (call) => {
        for await (const bytes of call.honestly()) {
          await call.send(bytes);
          call.stream.close(2);
        }
      },
      follow: async (call) => {
        call.respond();
        call.stream.close(2);
      },
    },
    'sends in the wrong order': {
      ask: asks(onArticles(({ articles }) => ({ articles: articles.toReversed() }))),
      follow: follows((frame) =>
        frame.$case === 'commits' ? { ...frame, value: { pieces: frame.value.pieces.toReversed() } } : frame,
      ),
    },
    'forges the articles of another': forges(far),
    'signs with another key': {
      ask: asks(ofItself(() => ({}), another)),
      follow: follows((frame) =>
        frame.$case === 'commits'
          ? {
              ...frame,
              value: {
                pieces: frame.value.pieces.map((piece) => ({
                  ...piece,
                  seal: piece.seal && { ...piece.seal, signature: Buffer.from(another.sign(piece.seal.root)) },
                })),
              },
            }
          : frame,
      ),
    },
    'sends again what it sent before': replays(),
    'says that it sends other articles': { ask: asks(ofItself(() => ({ digest: new Uint8Array(32) }))) },
    'says that it sends more, and fewer': {
      ask: asks(ofItself(({ articles }) => ({ articles: Math.random() < 0.5 ? articles + 1 : articles - 1 }))),
    },
    'links to a thousand that are not there': { ask: asks(ofItself(() => ({ links: ghosts.slice(0, 1000) }))) },
    'links to five thousand that are not there': { ask: asks(ofItself(() => ({ links: ghosts }))) },
    'echoes all that it has, without end': {
      ask: asks((frame) => (frame.$case === 'articles' ? [frame, frame, frame] : frame)),
      follow: async (call) => {
        const held: FollowFrame[] = [];
        for await (const bytes of call.honestly()) {
          const { frame } = FollowResponse.decode(bytes);
          if (!frame) continue;
          await sendFollow(call, frame);
          held.push(frame);
          if (frame.$case === 'commits') break;
        }
        await forEver(call, (at) => sendFollow(call, held[at % held.length] ?? heartbeat));
      },
    },
    'refuses with whatever comes to its mind': {
      ask: async (call) => call.end(Math.floor(Math.random() * 20), `%00%0a${'x'.repeat(8000)}`),
      follow: async (call) => call.end(8, '%1b[2J'),
    },
    'says that it was asked before': {
      ask: async (call) => {
        await sendAsk(call, { $case: 'alreadyVisited', value: {} });
        call.end();
      },
    },
    'has another key now': {
      introduce: async (call) => {
        for await (const bytes of call.honestly()) {
          const answer = IntroduceResponse.decode(bytes);
          const publicKey = Buffer.from(another.publicKey);
          await call.send(IntroduceResponse.encode({ ...answer, publicKey }).finish());
        }
        call.end();
      },
    },
  };
}
