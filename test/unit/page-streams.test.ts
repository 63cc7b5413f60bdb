import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventParser, type StreamEvent } from '../../src/web/reading/event-parser.js';
import { type Followed, followStream, type StreamState } from '../../src/web/reading/follow-stream.js';

const event = fc.record({
  id: fc.stringMatching(/^[a-z0-9]{1,8}$/),
  type: fc.constantFrom('article', 'gap'),
  data: fc.json(),
});

describe('the event stream', () => {
  it('is cut into the same events however its bytes are cut', () =>
    fc.assert(
      fc.property(
        fc.array(event),
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.constantFrom('\n', '\r\n'),
        (events, cuts, end) => {
          const text = events
            .map(({ id, type, data }) =>
              [`id: ${id}`, ': a comment', `event: ${type}`, `data: ${data}`, '', ''].join(end),
            )
            .join('');
          const places = [
            0,
            ...cuts.map((cut) => cut % (text.length + 1)).sort((one, other) => one - other),
            text.length,
          ];
          const parser = new EventParser();
          const read = places.slice(1).flatMap((to, at) => parser.read(text.slice(places[at], to)));
          expect(read).toEqual(events);
        },
      ),
    ));

  it('keeps the id of an event for those without one, and passes over what has no data', () => {
    const parser = new EventParser();
    expect(parser.read('id: 7\ndata: a\n\nevent: x\n\ndata: b\ndata: c\n\n')).toEqual([
      { id: '7', type: 'message', data: 'a' },
      { id: '7', type: 'message', data: 'b\nc' },
    ]);
  });
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe('following a stream', () => {
  let answers: Answer[] = [];
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answers.shift()?.(request, response);
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  const stream =
    (text: string): Answer =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(text);
    };
  const refuse =
    (status: number, code: string): Answer =>
    (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code, message: code, field: null, hint: null, retryAfterMs: null }));
    };

  /** Follows until it is refused. */
  async function follow(...script: Answer[]): Promise<{ events: StreamEvent[]; states: StreamState['kind'][] }> {
    answers = [...script, refuse(403, 'denied')];
    seen.length = 0;
    const events: StreamEvent[] = [];
    const states: StreamState['kind'][] = [];
    const followed: Followed = {
      address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/live`,
      token: 'secret',
      onEvent: (one) => events.push(one),
      onState: ({ kind }) => states.push(kind),
      pause: async () => undefined,
    };
    await followStream(followed, new AbortController().signal);
    return { events, states };
  }

  it('goes on behind the last event after a loss, says that it is lost, and shows its token in a header', async () => {
    const { events, states } = await follow(
      stream('id: 1\ndata: a\n\nid: 2\ndata: b\n\n'),
      stream('id: 3\ndata: c\n\n'),
    );
    expect(events.map(({ data }) => data)).toEqual(['a', 'b', 'c']);
    expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2', '3']);
    expect(seen.every(({ headers }) => headers.authorization === 'Bearer secret')).toBe(true);
    expect(states).toEqual(['connecting', 'live', 'lost', 'connecting', 'live', 'lost', 'connecting', 'refused']);
  });

  it('begins anew where the place to go on from is gone, and waits where it comes too often or nobody answers', async () => {
    const broken: Answer = (_, response) => response.destroy();
    const { events } = await follow(
      stream('id: 1\ndata: a\n\n'),
      refuse(410, 'gone'),
      refuse(429, 'full'),
      refuse(503, 'unavailable'),
      broken,
      stream('id: 9\ndata: b\n\n'),
    );
    expect(events.map(({ data }) => data)).toEqual(['a', 'b']);
    expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([
      undefined,
      '1',
      ...Array(4).fill(undefined),
      '9',
    ]);
  });
});
