import { parsePort } from '../../core/address.js';
import { parseWhole } from '../parse/number.js';
import { typed } from '../parse/refused.js';
import { table } from '../render/table.js';
import { serve } from '../serve.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly communities: string;
  readonly port: string;
  readonly data: string;
}

/** They share one process; a demo that needs more wants real servers. */
const most = 20;

export const demoVerb: Verb = (program, runner) => {
  program
    .command('demo')
    .description('run a whole network in this terminal: a registry and communities with articles in them')
    .option('--communities <count>', 'how many communities', '3')
    .option('--port <port>', 'the port of the registry; 0 is a free one', '50051')
    .option('--data <folder>', 'where it keeps what it makes', '.moot/demo')
    .addHelpText('after', examples('moot demo', 'moot demo --communities 5'))
    .action(
      runner<Flags>(async (session, flags) => {
        const communities = parseWhole('--communities', flags.communities, 1, most);
        const registryPort = typed('--port', () => parsePort(flags.port, '--port'));
        const { startDemo } = await import('../../app/start-demo.js');
        session.doing = 'cannot run the demo';
        const { home } = session.settings;
        await serve(session, async (log) => {
          const demo = await startDemo({ communities, registryPort, folder: flags.data, home, log });
          const servers = demo.servers.map(({ id, name, address }) => ({ id, name, address }));
          await session.give({ type: 'ready', registry: demo.registry, servers, web: null });
          await session.say(welcome(demo.registry, servers, session.columns));
          return demo;
        });
      }),
    );
};

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
    '\nCtrl-C here ends it.\n',
  ].join('');
}
