import { parsePort } from '../../core/address.js';
import { parseDuration } from '../parse/duration.js';
import { parseWhole } from '../parse/number.js';
import { typed } from '../parse/refused.js';
import { serve } from '../serve.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly host: string;
  readonly port: string;
  readonly maxServers?: string;
  readonly lease: string;
}

export const registryVerb: Verb = (program, runner) => {
  program
    .command('registry')
    .description('run a registry, where communities are found')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--port <port>', 'the port to listen on; 0 is a free one', '50051')
    .option('--max-servers <count>', 'how many servers it lists at most (default: any number)')
    .option('--lease <duration>', 'how long a server stays listed without renewal', '15s')
    .addHelpText('after', examples('moot registry', 'moot registry --port 50061 --max-servers 10'))
    .action(
      runner<Flags>(async (session, flags) => {
        const port = typed('--port', () => parsePort(flags.port, '--port'));
        const leaseMs = parseDuration('--lease', flags.lease);
        const maxServers =
          flags.maxServers === undefined
            ? undefined
            : parseWhole('--max-servers', flags.maxServers, 1, Number.MAX_SAFE_INTEGER);
        const { startRegistry } = await import('../../app/start-registry.js');
        session.doing = 'cannot run the registry';
        const { insecure } = session.settings;
        await serve(session, async (log) => {
          const registry = await startRegistry({ host: flags.host, port, maxServers, leaseMs, insecure, log });
          await session.give({ type: 'ready', address: registry.address });
          await session.say(`registry ready at ${registry.address}\n`);
          return registry;
        });
      }),
    );
};
