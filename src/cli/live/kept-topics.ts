import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../client/replace-file.js';
import { parseCursor } from '../../core/cursor.js';
import { MootError, systemCode } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import type { Listened } from './listening.js';

const content = z.object({
  version: z.literal(1),
  cursor: z.string(),
  topics: z.array(z.object({ topic: z.string(), from: z.string() })),
});

/** What a member listens to at one community, kept for when it comes back: MEMBER-HOME/subscriptions-COMMUNITY.json. */
export class KeptTopics {
  private readonly path: string;

  constructor(memberHome: string, community: OriginId) {
    this.path = join(memberHome, `subscriptions-${community}.json`);
  }

  /** undefined: nothing is kept. @throws MootError `damaged` when the file is not one of ours; it is then left as it is. */
  async read(): Promise<Listened | undefined> {
    try {
      const { cursor, topics } = content.parse(JSON.parse(await readFile(this.path, 'utf8')));
      for (const text of [cursor, ...topics.map(({ from }) => from)]) parseCursor(text);
      return { cursor, topics: new Map(topics.map(({ topic, from }) => [topic, from])) };
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT') return undefined;
      const hint = `rm ${this.path}, which forgets them`;
      throw new MootError('damaged', `the subscriptions kept in ${this.path} cannot be read`, { cause, hint });
    }
  }

  async write({ cursor, topics }: Listened): Promise<void> {
    const list = [...topics].map(([topic, from]) => ({ topic, from }));
    await replaceFile(this.path, `${JSON.stringify({ version: 1, cursor, topics: list }, null, 2)}\n`);
  }

  async forget(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
