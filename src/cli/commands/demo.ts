import { parsePort } from '../../core/address.js';
import { addLogFlags, type LogFlags } from '../log/log-flags.js';
import { parseWhole } from '../parse/number.js';
import { typed } from '../parse/refused.js';
import { table } from '../render/table.js';
import { serve } from '../serve.js';
import { examples, type Verb } from '../verb.js';

interface Flags extends LogFlags {
  readonly communities: string;
  readonly port: string;
  readonly webPort: string;
  readonly data: string;
}

/** They share one process; a demo that needs more wants real servers. */
const most = 20;

export const demoVerb: Verb = (program, runner) => {
  const command = program
    .command('demo')
    .description('run a whole network in this terminal: a registry and communities with articles in them')
    .option('--communities <count>', 'how many communities', '3')
    .option('--port <port>', 'the port of the registry; 0 is a free one', '50051')
    .option('--web-port <port>', 'the port of the page; a free one where it is taken, or for 0', '8080')
    .option('--data <folder>', 'where it keeps what it makes', '.moot/demo');
  addLogFlags(command)
    .addHelpText('after', examples('moot demo', 'moot demo --communities 5'))
    .action(
      runner<Flags>(async (session, flags) => {
        const communities = parseWhole('--communities', flags.communities, 1, most);
        const registryPort = typed('--port', () => parsePort(flags.port, '--port'));
        const webPort = typed('--web-port', () => parsePort(flags.webPort, '--web-port'));
        const { startDemo } = await import('../../app/start-demo.js');
        session.doing = 'cannot run the demo';
        const { home } = session.settings;
        const { version } = session;
        await serve(session, flags, async (log) => {
          const demo = await startDemo({ communities, registryPort, webPort, version, folder: flags.data, home, log });
          const servers = demo.servers.map(({ id, name, address }) => ({ id, name, address }));
          const { address: web, hasPage } = demo.web;
          await session.give({ type: 'ready', registry: demo.registry, servers, web });
          await session.say(welcome(demo.registry, servers, session.columns));
          await session.say(lookAt(web, hasPage, webPort));
          return demo;
        });
      }),
    );
};

function lookAt(web: string, hasPage: boolean, wanted: number): string {
  const elsewhere = wanted === 0 || web.endsWith(`:${wanted}`) ? '' : ` (port ${wanted} is taken)`;
  const what = hasPage ? 'In a browser' : 'The API and the feeds, since the page was not built';
  return `\n${what}: ${web}${elsewhere}\n\nCtrl-C here ends it.\n`;
}

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

function welcome(registry: string, servers: readonly Listed[], columns: number): string {
  const list = table<Listed>(
    [
      { head: 'COMMUNITY', text: ({ name }) => name },
      { head: 'ADDRESS', text: ({ address }) => address },
      { head: 'ID', text: ({ id }) => `${id.slice(0, 12)}…` },
    ],
    servers,
    columns,
  );
  const first = servers[0]?.name ?? 'NAME';
  const at = registry === 'localhost:50051' ? '' : ` --registry ${registry}`;
  return [
    `The network is up: the registry at ${registry}, and ${servers.length} communities linked to each other.\n\n`,
    list,
    '\nIn another terminal, in this folder:\n',
    `  npx moot servers${at}\n`,
    `  npx moot join ${first}${at}\n`,
    `  npx moot query ${first}${at}\n`,
    `  npx moot publish ${first} --topic town.square --body 'Good morning'${at}\n`,
  ].join('');
}
