import { Option } from 'commander';
import type { ServerConfig } from '../../app/config.js';
import { parsePort } from '../../core/address.js';
import { parseName } from '../../core/name.js';
import { parseTopic } from '../../core/topic.js';
import { parseWhole } from '../parse/number.js';
import { typed } from '../parse/refused.js';
import { serve } from '../serve.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly host: string;
  readonly advertise?: string;
  readonly name?: string;
  readonly data?: string;
  readonly topics?: string;
  readonly maxMembers?: string;
  readonly admission: ServerConfig['admission'];
  readonly peering?: NonNullable<ServerConfig['peering']>;
  readonly readable: ServerConfig['readable'];
  readonly store?: string;
  readonly identity?: string;
  readonly verbose?: boolean;
}

export const serverVerb: Verb = (program, runner) => {
  program
    .command('server')
    .description('run a community')
    .argument('<port>', 'the port to listen on; 0 is a free one and needs --name or --data')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--advertise <address>', 'HOST:PORT that others are told (default: localhost and the port)')
    .option('--name <name>', 'the name of the community (default: Server and the port)')
    .option('--data <folder>', 'where it keeps its articles and its key (default: .moot/NAME)')
    .option('--topics <topics>', 'the topics it takes, with commas between them (default: any)')
    .option('--max-members <count>', 'how many members it takes at most (default: any number)')
    .addOption(new Option('--admission <who>', 'who may join').choices(['open', 'invite', 'approval']).default('open'))
    .addOption(
      new Option('--peering <who>', 'who may link to it (default: open where admission is, else approval)').choices([
        'open',
        'approval',
        'closed',
      ]),
    )
    .addOption(new Option('--readable <by>', 'who may read it').choices(['members', 'public']).default('members'))
    .option('--store <store>', 'sqlite:FILE or memory: (default: moot.db in the data folder)')
    .option('--identity <file>', 'its key, made when missing (default: identity.pem in the data folder)')
    .option('--verbose', 'say on stderr what happens')
    .addHelpText('after', examples('moot server 50052', 'moot server 0 --name Hamlet --topics theatre,chess'))
    .action(
      runner<Flags>(async (session, flags, port = '') => {
        const config = toConfig(session, flags, port);
        const { startServer } = await import('../../app/start-server.js');
        session.doing = `cannot run ${config.name ?? `the server on port ${port}`}`;
        await serve(
          session,
          async (log) => {
            const server = await startServer({ ...config, log });
            const { address, id, name, registered, registryNote } = server;
            await session.give({ type: 'ready', address, id, name, registered });
            await session.say(`${name} ready at ${address} (id ${id.slice(0, 12)}…), ${registryNote}\n`);
            return server;
          },
          flags.verbose,
        );
      }),
    );
};

function toConfig(session: Session, flags: Flags, port: string): ServerConfig {
  const { registries, home, insecure } = session.settings;
  const { host, advertise, name, data, admission, peering, readable, store } = flags;
  const number = typed('PORT', () => parsePort(port, 'PORT'));
  if (number === 0 && name === undefined && data === undefined)
    throw usage('port 0 needs --name or --data, so that the community is found again', 'moot server 0 --name Hamlet');
  if (name !== undefined) typed('--name', () => parseName(name, '--name'));
  const topics = (flags.topics ?? '')
    .split(',')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
  for (const topic of topics) typed('--topics', () => parseTopic(topic, '--topics'));
  const maxMembers =
    flags.maxMembers === undefined
      ? undefined
      : parseWhole('--max-members', flags.maxMembers, 1, Number.MAX_SAFE_INTEGER);
  return {
    port: number,
    host,
    advertise,
    name,
    data,
    topics,
    maxMembers,
    admission,
    peering,
    readable,
    store,
    registries,
    home,
    identityFile: flags.identity,
    insecure,
  };
}
