import { mapTable } from '../render/map-table.js';
import type { Session } from '../session.js';
import type { Prompts } from './prompts.js';
import { askingRegistry } from './server-lists.js';

/** The network as the registries know it. */
export async function showMap(session: Session, prompts: Prompts): Promise<void> {
  const map = await prompts.waiting(askingRegistry, async (signal) => (await session.moot()).map({ signal }));
  await session.say(map.servers.length === 0 ? 'No community is registered yet.\n' : mapTable(map, session.columns));
}
