import { parsePort } from '../../core/address.js';
import { readAuthority } from '../authority.js';
import { addLogFlags, type LogFlags } from '../log/log-flags.js';
import { addMonitorFlag, linesOf, type MonitorFlags, monitorOf, saidOf } from '../monitor-flag.js';
import { typed } from '../parse/refused.js';
import { serve } from '../serve.js';
import { collect } from '../settings.js';
import { examples, type Verb } from '../verb.js';

interface Flags extends LogFlags, MonitorFlags {
  readonly host: string;
  readonly port: string;
  readonly origin?: readonly string[];
}

export const webVerb: Verb = (program, runner) => {
  const command = program
    .command('web')
    .description('show the network in a browser: the map, the articles, feeds')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--port <port>', 'the port to listen on; 0 is a free one', '8080')
    .option('--origin <origin>', 'where else it is reached, as in https://moot.example; may be given again', collect);
  addMonitorFlag(addLogFlags(command))
    .addHelpText(
      'after',
      `\nIt has no membership of its own: who joins in the browser keeps theirs there.\n${examples('moot web', 'moot web --port 0 --registry localhost:50051')}`,
    )
    .action(
      runner<Flags>(async (session, flags) => {
        const { host, port: text, origin: origins } = flags;
        const port = typed('--port', () => parsePort(text, '--port'));
        const { registries, insecure, timeoutMs, tlsCaFile } = session.settings;
        const ca = await readAuthority(tlsCaFile);
        const { startWeb } = await import('../../app/start-web.js');
        session.doing = 'cannot run the gateway';
        const { version } = session;
        await serve(session, flags, async (log) => {
          const monitor = monitorOf(session, flags);
          const web = await startWeb({
            monitor,
            registries,
            host,
            port,
            origins,
            version,
            insecure,
            timeoutMs,
            ca,
            log,
          });
          await session.give({ type: 'ready', address: web.address, page: web.hasPage, ...saidOf(web) });
          await session.say(`${readyLine(web)}\n${linesOf(web)}`);
          return web;
        });
      }),
    );
};

/** What is there to look at, and where. */
export function readyLine({ address, hasPage }: { readonly address: string; readonly hasPage: boolean }): string {
  return hasPage
    ? `the network in a browser: ${address}`
    : `the API and the feeds at ${address}; the page was not built`;
}
