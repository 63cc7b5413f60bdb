import { table } from '../render/table.js';
import type { Session } from '../session.js';
import { getArticles } from './get-articles.js';
import { liveFeed } from './live-feed.js';
import { joinServer, leaveServer } from './membership.js';
import type { Prompts } from './prompts.js';
import { publishArticle } from './publish-article.js';
import { runMenu } from './run-menu.js';
import { askingRegistry, serverColumns, servers } from './server-lists.js';
import { showMap } from './show-map.js';
import { showMembers } from './show-members.js';
import { showServers } from './show-servers.js';

const shownAtStart = 10;

/** The menu of a member: the four entries it has always had, in their order, then the network as it lives, then its lists. */
export function runClient(session: Session, prompts: Prompts): Promise<void> {
  const greet = { name: '', doing: 'cannot list the servers', work: greeting };
  return runMenu(session, prompts, 'What would you like to do?', greet, [
    { name: 'Join Server', doing: 'cannot join', work: joinServer },
    { name: 'Leave Server', doing: 'cannot leave', work: leaveServer },
    { name: 'Get Articles', doing: 'cannot get articles', work: getArticles },
    { name: 'Publish Article', doing: 'cannot publish', work: publishArticle },
    { name: 'Live Feed', doing: 'cannot follow the feed', work: liveFeed },
    { name: 'Network Map', doing: 'cannot draw the map', work: showMap },
    { name: 'Servers', doing: 'cannot list the servers', work: showServers },
    { name: 'Members', doing: 'cannot list the members', work: showMembers },
  ]);
}

async function greeting(session: Session, prompts: Prompts): Promise<void> {
  const all = await prompts.waiting(askingRegistry, (signal) => servers(session, signal));
  if (all.length === 0) {
    await session.say('No community is registered yet.\n');
    return;
  }
  await session.say(table(serverColumns, all.slice(0, shownAtStart), session.columns));
  const more = all.length - shownAtStart;
  if (more > 0) await session.say(`… and ${more} more, under Servers\n`);
}
