import { parsePort } from '../../core/address.js';
import { type CertificateFlags, certificateFiles, tlsCert, tlsKey } from '../certificate-flags.js';
import { addLimits, type LimitFlags, limitsOf } from '../limit-flags.js';
import { addLogFlags, type LogFlags } from '../log/log-flags.js';
import { addMonitorFlag, linesOf, type MonitorFlags, monitorOf, saidOf } from '../monitor-flag.js';
import { parseDuration } from '../parse/duration.js';
import { parseWhole } from '../parse/number.js';
import { typed } from '../parse/refused.js';
import { serve } from '../serve.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags extends CertificateFlags, LimitFlags, LogFlags, MonitorFlags {
  readonly host: string;
  readonly port: string;
  readonly maxServers?: string;
  readonly lease: string;
  readonly unproved?: boolean;
}

export const registryVerb: Verb = (program, runner) => {
  const command = program
    .command('registry')
    .description('run a registry, where communities are found')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--port <port>', 'the port to listen on; 0 is a free one', '50051')
    .option('--max-servers <count>', 'how many servers it lists at most (default: no limit)')
    .option('--lease <duration>', 'how long a server stays listed without renewal', '15s')
    .option('--unproved', 'list servers without calling them back, where they cannot be reached from here')
    .option(...tlsCert)
    .option(...tlsKey);
  addMonitorFlag(addLogFlags(addLimits(command, false)))
    .addHelpText('after', examples('moot registry', 'moot registry --port 50061 --max-servers 10'))
    .action(
      runner<Flags>(async (session, flags) => {
        const port = typed('--port', () => parsePort(flags.port, '--port'));
        const leaseMs = parseDuration('--lease', flags.lease);
        if (leaseMs < 1000)
          throw usage(
            '--lease',
            `--lease ${flags.lease} is too short for a server to renew it in time`,
            '--lease 1s, or more',
          );
        const maxServers =
          flags.maxServers === undefined
            ? undefined
            : parseWhole('--max-servers', flags.maxServers, 1, Number.MAX_SAFE_INTEGER);
        const certificate = certificateFiles(flags);
        const { startRegistry } = await import('../../app/start-registry.js');
        session.doing = 'cannot run the registry';
        const { insecure } = session.settings;
        await serve(session, flags, async (log) => {
          const registry = await startRegistry({
            host: flags.host,
            port,
            maxServers,
            leaseMs,
            unproved: flags.unproved === true,
            insecure,
            limits: limitsOf(flags),
            certificate,
            monitor: monitorOf(session, flags),
            log,
          });
          await session.give({ type: 'ready', address: registry.address, ...saidOf(registry) });
          await session.say(`registry ready at ${registry.address}\n${linesOf(registry)}`);
          return registry;
        });
      }),
    );
};
