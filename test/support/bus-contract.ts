import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bus } from '../../src/core/bus.js';

/** What every bus promises. `open` gives one end of the same bus each time; `reaches` resolves when what was published is there. */
export function busContract(name: string, open: (community: string) => Promise<Bus>, itHere: typeof it = it): void {
  describe(`a bus: ${name}`, () => {
    const opened: Bus[] = [];
    let community = '';
    const end = async (): Promise<Bus> => {
      const bus = await open(community);
      opened.push(bus);
      return bus;
    };

    beforeEach(() => {
      community = `c${Math.random().toString(36).slice(2)}`;
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((bus) => bus.close()));
    });

    itHere(
      'brings what is published to every listener of that subject, in order, the publisher among them',
      async () => {
        const bus = await end();
        const heard: string[][] = [[], []];
        const both = new Promise<void>((resolve) => {
          for (const list of heard)
            bus.subscribe('bell', (data) => {
              list.push(text(data));
              if (heard.every(({ length }) => length === 3)) resolve();
            });
        });
        for (const word of ['one', 'two', 'three']) bus.publish('bell', bytes(word));
        await both;
        expect(heard).toEqual([
          ['one', 'two', 'three'],
          ['one', 'two', 'three'],
        ]);
      },
    );

    itHere('brings nothing of another subject, nor to who listens no more', async () => {
      const bus = await end();
      const heard: string[] = [];
      bus.subscribe('bell', (data) => heard.push(`bell ${text(data)}`));
      bus.subscribe('bell.more', (data) => heard.push(`more ${text(data)}`));
      const stop = bus.subscribe('bell', () => heard.push('after its end'));
      stop();
      const last = new Promise<void>((resolve) => bus.subscribe('last', () => resolve()));
      bus.publish('bell.more', bytes('a'));
      bus.publish('other', bytes('b'));
      bus.publish('bell', bytes('c'));
      bus.publish('last', bytes(''));
      await last;
      expect(heard).toEqual(['more a', 'bell c']);
    });

    itHere('gives exactly the bytes that were published', async () => {
      const bus = await end();
      const sent = Uint8Array.from({ length: 4096 }, (_, at) => at % 256);
      const got = new Promise<Uint8Array>((resolve) => bus.subscribe('bell', resolve));
      bus.publish('bell', sent);
      expect(Buffer.compare(await got, sent)).toBe(0);
    });

    itHere('never throws into its callers, before or after it is closed', async () => {
      const bus = await end();
      bus.publish('nobody', new Uint8Array(8 * 1024 * 1024));
      expect(bus.isUp).toBe(true);
      await bus.close();
      expect(bus.isUp).toBe(false);
      bus.publish('nobody', bytes('late'));
      bus.subscribe('nobody', () => undefined)();
      await bus.close();
    });
  });
}

function bytes(word: string): Uint8Array {
  return new TextEncoder().encode(word);
}

function text(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}
