import { describe, expect, it } from '@jest/globals';
import { everything, type Heard, Listening } from '../../src/cli/live/listening.js';
import { article, cursorAt, origin, ScriptedFeeds } from '../support/scripted-feeds.js';

const signal = new AbortController().signal;

interface Setting {
  readonly feeds: ScriptedFeeds;
  readonly listening: Listening;
  /** What was heard: `article 5 live`, `back 2` … */
  readonly heard: string[];
  until(last: string): Promise<void>;
}

function setting(tell: (heard: Heard) => Promise<void> = async () => undefined): Setting {
  const feeds = new ScriptedFeeds();
  const heard: string[] = [];
  let wake = (): void => undefined;
  const hear = async (what: Heard): Promise<void> => {
    await tell(what);
    heard.push(inWords(what));
    wake();
  };
  const listening = new Listening(feeds, hear, {
    onFailure: (error) => {
      throw error;
    },
  });
  const until = async (last: string): Promise<void> => {
    while (heard.at(-1) !== last)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  return { feeds, listening, heard, until };
}

function inWords(heard: Heard): string {
  switch (heard.type) {
    case 'article':
      return `article ${heard.article.seq}${heard.live ? ' live' : ''}`;
    case 'retracted':
      return `retracted ${heard.retracts}`;
    case 'gap':
      return `gap ${heard.from} ${heard.to}`;
    case 'lost':
      return `lost ${heard.reason}`;
    case 'back':
      return `back ${heard.recovered}`;
  }
}

const caughtUp = { type: 'caughtUp', cursor: '' } as const;
const lost = { type: 'reconnecting', reason: 'gone', retryInMs: 1 } as const;

describe('listening to topics', () => {
  it('S3.2 carries all topics in one feed, each from where it was added on', async () => {
    const { feeds, listening, heard, until } = setting();
    feeds.nowSeq = 10;
    await listening.add('sky', signal);
    feeds.nowSeq = 20;
    await listening.add('town', signal);
    expect(feeds.last.options).toEqual({ topics: ['sky', 'town'], from: { cursor: cursorAt(10) } });
    feeds.last.tell(article(12, 'sky'), article(15, 'town'), article(21, 'town'), article(22, 'sky.eclipses'));
    await until('article 22 live');
    expect(heard).toEqual(['article 12 live', 'article 21 live', 'article 22 live']);
    expect(feeds.feeds.filter((feed) => feed !== feeds.last).map((feed) => feed.cursor)).toEqual([
      cursorAt(10),
      cursorAt(10),
      cursorAt(20),
    ]);
  });

  it('goes on from its cursor when a topic is removed, and ends with the last', async () => {
    const { feeds, listening, until } = setting();
    await listening.add('sky', signal);
    await listening.add('town', signal);
    feeds.last.tell(article(5, 'sky'));
    await until('article 5 live');
    expect(await listening.remove('sky')).toBe(true);
    expect(await listening.remove('sky')).toBe(false);
    expect(feeds.last.options).toEqual({ topics: ['town'], from: { cursor: cursorAt(5) } });
    expect(listening.state?.topics.size).toBe(1);
    await listening.remove('town');
    expect(listening.state).toBeUndefined();
  });

  it('to everything is a feed without topics', async () => {
    const { feeds, listening } = setting();
    await listening.add(everything, signal);
    await listening.add('sky', signal);
    expect(feeds.last.options.topics).toEqual([]);
    await listening.remove(everything);
    expect(feeds.last.options.topics).toEqual(['sky']);
  });

  it('S2.3 says how many articles came in between, and names what cannot be had', async () => {
    const { feeds, listening, heard, until } = setting();
    await listening.add('sky', signal);
    feeds.last.tell(caughtUp, article(1, 'sky'), lost, lost, article(2, 'sky', false));
    feeds.last.tell({ type: 'gap', origin, epoch: 1, from: 3, to: 7, reason: 'dropped' });
    feeds.last.tell(article(8, 'sky', false), caughtUp, article(9, 'sky'));
    await until('article 9 live');
    expect(heard).toEqual([
      'article 1 live',
      'lost gone',
      'article 2',
      'gap 3 7',
      'article 8',
      'back 2',
      'article 9 live',
    ]);
  });

  it('S2.3 goes on later as if it had never been away', async () => {
    const { feeds, listening, heard, until } = setting();
    listening.resume({
      cursor: cursorAt(5),
      topics: new Map([
        ['sky', cursorAt(2)],
        ['town', cursorAt(7)],
      ]),
    });
    expect(feeds.last.options).toEqual({ topics: ['sky', 'town'], from: { cursor: cursorAt(5) } });
    feeds.last.tell(article(6, 'town', false), article(7, 'sky', false), article(8, 'town', false), caughtUp);
    await until('back 2');
    expect(heard).toEqual(['article 7', 'article 8', 'back 2']);
  });

  it('has no state to keep while something is told, so that what is kept was shown', async () => {
    const states: unknown[] = [];
    const { feeds, listening, until } = setting(async () => {
      states.push(listening.state);
    });
    await listening.add('sky', signal);
    feeds.last.tell(article(1, 'sky'));
    await until('article 1 live');
    expect(states).toEqual([undefined]);
    await listening.close();
  });
});
