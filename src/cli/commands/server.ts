import { Option } from 'commander';
import type { ServerConfig } from '../../app/config.js';
import { parsePort } from '../../core/address.js';
import { parseName } from '../../core/name.js';
import { parseTopic } from '../../core/topic.js';
import { readAuthority } from '../authority.js';
import { type CertificateFlags, certificateFiles, tlsCert, tlsKey } from '../certificate-flags.js';
import { ServerConsole } from '../console/server-console.js';
import { addLimits, type LimitFlags, limitsOf } from '../limit-flags.js';
import { openTyping } from '../live/typing.js';
import { addLogFlags, type LogFlags } from '../log/log-flags.js';
import { addMonitorFlag, linesOf, type MonitorFlags, monitorOf, saidOf } from '../monitor-flag.js';
import { parseWhole } from '../parse/number.js';
import { typed } from '../parse/refused.js';
import { serve } from '../serve.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';
import { readyLine } from './web.js';

interface Flags extends CertificateFlags, LimitFlags, LogFlags, MonitorFlags {
  readonly host: string;
  readonly advertise?: string;
  readonly name?: string;
  readonly data?: string;
  readonly topics?: string;
  readonly maxMembers?: string;
  readonly admission: ServerConfig['admission'];
  readonly holdFirst?: string;
  readonly peering?: NonNullable<ServerConfig['peering']>;
  readonly readable: ServerConfig['readable'];
  readonly mirrorDays?: string;
  readonly mirrorArticles?: string;
  readonly store?: string;
  readonly bus?: string;
  readonly identity?: string;
  readonly allowPrivatePeers?: boolean;
  readonly web?: string;
}

export const serverVerb: Verb = (program, runner) => {
  const command = program
    .command('server')
    .description('run a community')
    .argument('<port>', 'the port to listen on; 0 is a free one and needs --name or --data')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--advertise <address>', 'HOST:PORT that others are told (default: localhost and the port)')
    .option('--name <name>', 'the name of the community (default: Server and the port)')
    .option('--data <folder>', 'where it keeps its articles and its key (default: .moot/NAME)')
    .option('--topics <topics>', 'the topics it takes, with commas between them (default: all)')
    .option('--max-members <count>', 'how many members it takes at most (default: no limit)')
    .addOption(new Option('--admission <who>', 'who may join').choices(['open', 'invite', 'approval']).default('open'))
    .option('--hold-first <count>', 'how many first articles of a new member wait for approval (default: none)')
    .addOption(
      new Option('--peering <who>', 'who may link to it (default: open where admission is, else approval)').choices([
        'open',
        'approval',
        'closed',
      ]),
    )
    .addOption(new Option('--readable <by>', 'who may read it').choices(['members', 'public']).default('members'))
    .option('--mirror-days <days>', 'how long it keeps what comes from other communities (default: 7)')
    .option('--mirror-articles <count>', 'how many it keeps of what one link brings (default: 1000000)')
    .option(
      '--store <store>',
      'sqlite:FILE, postgres://USER@HOST:PORT/DATABASE or memory: (default: moot.db in the data folder)',
    )
    .option('--bus <bus>', 'nats://HOST:PORT, over which replicas ring for each other, or local: (default: local:)')
    .option('--identity <file>', 'its key, made when missing (default: identity.pem in the data folder)')
    .option('--allow-private-peers', 'dial peers on a private network too, not on the public internet alone')
    .option('--web <port>', 'show it in a browser as well, on this port; 0 is a free one')
    .option(...tlsCert)
    .option(...tlsKey);
  addMonitorFlag(addLogFlags(addLimits(command, true)))
    .option('--verbose', 'say on stderr what happens; on a terminal also what arrives, with its sender')
    .addHelpText(
      'after',
      `\nOn a terminal it takes commands while it runs: status, peers, topics, help, exit.\n${examples('moot server 50052', 'moot server 0 --name Hamlet --topics theatre,chess')}`,
    )
    .action(runner<Flags>((session, flags, port = '') => run(session, flags, port)));
};

async function run(session: Session, flags: Flags, port: string): Promise<void> {
  const config = { ...toConfig(session, flags, port), ca: await readAuthority(session.settings.tlsCaFile) };
  const webPort = flags.web === undefined ? undefined : typed('--web', () => parsePort(flags.web ?? '', '--web'));
  const show = webPort === undefined ? undefined : { port: webPort, version: session.version };
  const { startShownServer } = await import('../../app/start-shown-server.js');
  session.doing = `cannot run ${config.name ?? `the server on port ${port}`}`;
  await serve(
    session,
    flags,
    async (log) => {
      const running = await startShownServer({ ...config, log }, show);
      const { server, web } = running;
      const { address, id, name, registered, registryNote } = server;
      await session.give({
        type: 'ready',
        address,
        id,
        name,
        registered,
        ...(web && { web: web.address }),
        ...saidOf(server),
      });
      await session.say(`${name} ready at ${address} (id ${id.slice(0, 12)}…), ${registryNote}\n`);
      await session.say(linesOf(server));
      if (web) await session.say(`${readyLine(web)}\n`);
      return running;
    },
    ({ server }) => {
      const typing = openTyping(session, { prompt: `${server.name}> ` });
      return new ServerConsole(server, typing, flags.verbose === true);
    },
  );
}

function toConfig(session: Session, flags: Flags, port: string): ServerConfig {
  const { registries, home, insecure } = session.settings;
  const { host, advertise, name, data, admission, peering, readable, store, bus } = flags;
  const number = typed('PORT', () => parsePort(port, 'PORT'));
  if (number === 0 && name === undefined && data === undefined)
    throw usage(
      'PORT',
      'port 0 needs --name or --data, so that the community is found again',
      'moot server 0 --name Hamlet',
    );
  for (const [flag, text] of Object.entries({
    '--data': data,
    '--store': store,
    '--bus': bus,
    '--identity': flags.identity,
  }))
    if (text === '') throw usage(flag, `${flag} is empty`, `moot server ${port}, without ${flag}`);
  if (name !== undefined) typed('--name', () => parseName(name, '--name'), '--name', '--name Hamlet');
  const topics = (flags.topics ?? '')
    .split(',')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
  for (const topic of topics)
    typed('--topics', () => parseTopic(topic, '--topics'), '--topics', '--topics town,sports.chess');
  const whole = (flag: string, text: string | undefined, most: number): number | undefined =>
    text === undefined ? undefined : parseWhole(flag, text, 1, most);
  return {
    port: number,
    host,
    advertise,
    name,
    data,
    topics,
    maxMembers: whole('--max-members', flags.maxMembers, Number.MAX_SAFE_INTEGER),
    admission,
    holdFirst: whole('--hold-first', flags.holdFirst, 1_000_000),
    peering,
    readable,
    mirrorDays: whole('--mirror-days', flags.mirrorDays, 36_500),
    mirrorArticles: whole('--mirror-articles', flags.mirrorArticles, Number.MAX_SAFE_INTEGER),
    store,
    bus,
    registries,
    home,
    identityFile: flags.identity,
    allowPrivatePeers: flags.allowPrivatePeers,
    certificate: certificateFiles(flags),
    insecure,
    monitor: monitorOf(session, flags),
    limits: limitsOf(flags),
  };
}
