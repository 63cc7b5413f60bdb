import { connect as toNats } from '@nats-io/transport-node';
import { connectAsync as toMosquitto } from 'mqtt';
import { createClient as toRedis } from 'redis';
import { connect } from '../../../dist/client/index.js';
import { articles } from '../store-articles.js';
import { publishing } from './publish-frames.js';

/** What is measured side by side. */
export const systems = ['moot', 'nats', 'redis', 'mosquitto'] as const;
export type SystemName = (typeof systems)[number];

/** Subscriber `index` has decoded one more article. */
export type OnArticle = (index: number) => void;

/** Publishes this many more articles; resolves when the next may be given. */
export type Publish = (count: number) => Promise<void>;

export interface System {
  /** Resolves when all of them stand. Each decodes each article for itself. */
  subscribe(subscribers: number, onArticle: OnArticle): Promise<void>;
  publisher(): Promise<Publish>;
}

const subject = 'moot.bench';
const source = articles();
let bodies = 0;

/** An article as who has no Moot would send it: the draft and its date, in JSON. */
function article(): string {
  const { topic, author, body } = source.next().value.draft;
  return JSON.stringify({ topic, author, body, publishedAtMs: Date.now() });
}

function read(json: string): void {
  const { body } = JSON.parse(json) as { body: string };
  bodies += body.length;
}

/** `address` and `token` are those of the community; the others are where Debian puts them. */
export function system(name: SystemName, address: string, token: string): System {
  return { moot: () => moot(address, token), nats, redis, mosquitto }[name]();
}

function moot(address: string, token: string): System {
  return {
    subscribe: async (subscribers, onArticle) => {
      const network = await connect({ registry: 'localhost:1' });
      const community = await network.join(address, { as: `reader-${process.pid}` });
      const stands = Array.from({ length: subscribers }, async (_, index) => {
        const events = community.subscribe()[Symbol.asyncIterator]();
        for (let next = await events.next(); ; next = await events.next()) {
          if (next.value?.type === 'caughtUp') break;
        }
        void (async () => {
          for (let next = await events.next(); !next.done; next = await events.next()) {
            if (next.value.type !== 'article') continue;
            bodies += next.value.article.body.length;
            onArticle(index);
          }
        })();
      });
      await Promise.all(stands);
    },
    publisher: async () => publishing(address, token).publish,
  };
}

/** One connection for all subscriptions of a process: its fastest way. */
function nats(): System {
  return {
    subscribe: async (subscribers, onArticle) => {
      const connection = await toNats({ servers: '127.0.0.1:4222' });
      for (let index = 0; index < subscribers; index += 1)
        connection.subscribe(subject, {
          callback: (error, message) => {
            if (error) throw error;
            read(message.string());
            onArticle(index);
          },
        });
      await connection.flush();
    },
    publisher: async () => {
      const connection = await toNats({ servers: '127.0.0.1:4222' });
      return async (count) => {
        for (let n = 0; n < count; n += 1) connection.publish(subject, article());
        await connection.flush();
      };
    },
  };
}

function redis(): System {
  const open = () => toRedis({ url: 'redis://127.0.0.1:6379' }).on('error', fail).connect();
  return {
    subscribe: async (subscribers, onArticle) => {
      for (let index = 0; index < subscribers; index += 1)
        await (await open()).subscribe(subject, (json) => {
          read(json);
          onArticle(index);
        });
    },
    publisher: async () => {
      const connection = await open();
      return async (count) => {
        await Promise.all(Array.from({ length: count }, () => connection.publish(subject, article())));
      };
    },
  };
}

/** Quality of service 0: nothing is acknowledged. */
function mosquitto(): System {
  const open = () => toMosquitto('mqtt://127.0.0.1:1883');
  return {
    subscribe: async (subscribers, onArticle) => {
      for (let index = 0; index < subscribers; index += 1) {
        const connection = await open();
        connection.on('message', (_, json) => {
          read(json.toString());
          onArticle(index);
        });
        await connection.subscribeAsync(subject);
      }
    },
    publisher: async () => {
      const connection = await open();
      return async (count) => {
        await Promise.all(Array.from({ length: count }, () => connection.publishAsync(subject, article())));
      };
    },
  };
}

function fail(error: Error): void {
  throw error;
}

/** So that nothing that was decoded is left out by the compiler. */
export function charactersRead(): number {
  return bodies;
}
