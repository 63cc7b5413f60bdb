import { Option } from 'commander';
import type { NetworkMap } from '../../client/index.js';
import { jsonLine } from '../render/json-lines.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

type Format = 'table' | 'json' | 'dot' | 'mermaid';

interface Flags {
  readonly walk?: string;
  readonly format?: Format;
}

const meaning = `
A cut point is a community whose loss cuts somebody off: another one reaches a third over links today, and would not
without it. A cycle is two or more communities that all reach each other. Links go one way: A → B gives A the articles of B.
`;

export const mapVerb: Verb = (program, runner) => {
  program
    .command('map')
    .description('draw the network: who links to whom, cycles, cut points, and who is out of reach')
    .option('--walk <server>', 'ask this community, too, which you have joined: who answers, and how its links stand')
    .addOption(
      new Option('--format <format>', 'how it is drawn (default: table)').choices(['table', 'json', 'dot', 'mermaid']),
    )
    .addHelpText(
      'after',
      meaning + examples('moot map', 'moot map --walk Hamlet', 'moot map --format dot | dot -Tsvg > network.svg'),
    )
    .action(
      runner<Flags>(async (session, { walk, format }) => {
        const { json, registries } = session.settings;
        if (json && format !== undefined && format !== 'json')
          throw usage('--format', `--format ${format} and --json do not go together`, 'one of them');
        session.doing = walk === undefined ? 'cannot draw the map' : `cannot walk from ${walk}`;
        const { signal } = session;
        const map = await (await session.moot()).map({ walk, signal });
        await session.io.stdout.write(await drawn(session, map, json ? 'json' : (format ?? 'table')));
        for (const sentence of map.missing) await session.note(`${sentence}\n`);
        if (map.servers.length === 0)
          await session.note(`no community is registered at ${registries.join(', ')}\ntry: moot server 50052\n`);
      }),
    );
};

/** What draws is only loaded by those who want it. */
async function drawn(session: Session, map: NetworkMap, format: Format): Promise<string> {
  switch (format) {
    case 'json':
      return jsonLine((await import('../render/map-json.js')).mapLine(map));
    case 'dot':
      return (await import('../render/map-dot.js')).mapDot(map);
    case 'mermaid':
      return (await import('../render/map-mermaid.js')).mapMermaid(map);
    case 'table':
      return map.servers.length === 0 ? '' : (await import('../render/map-table.js')).mapTable(map, session.columns);
  }
}
