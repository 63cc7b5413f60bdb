import type { NetworkMap } from '../../client/index.js';
import { linkWords, namesOf, outcomeWords } from './map-words.js';

/** The map as a Mermaid flowchart. Servers are `s0`, `s1`, … in it: ids may hold words that mean something there. */
export function mapMermaid(map: NetworkMap): string {
  const nameOf = namesOf(map);
  const numbers = new Map(map.servers.map(({ id }, at) => [id, `s${at}`]));
  const cuts = new Set(map.cutPoints);
  const servers = map.servers.map((server, at) => {
    const lines = [nameOf(server.id), outcomeWords(server)].filter((line) => line !== '');
    return `  s${at}["${lines.map(text).join('<br>')}"]${cuts.has(server.id) ? ':::cut' : ''}\n`;
  });
  const links = map.links.map((link) => {
    const arrow = link.load?.state === 'down' ? '-.->' : '-->';
    const words = linkWords(link);
    const label = words === '' ? '' : `|"${text(words)}"|`;
    return `  ${numbers.get(link.from) ?? ''} ${arrow}${label} ${numbers.get(link.to) ?? ''}\n`;
  });
  return `flowchart LR\n${servers.join('')}${links.join('')}  classDef cut stroke-width:4px\n`;
}

/** Whatever might mean something to Mermaid, or to the HTML that it becomes, goes by its number. */
function text(line: string): string {
  return line.replace(/[^\p{L}\p{M}\p{N} _.,…-]/gu, (sign) => `#${sign.codePointAt(0) ?? 0};`);
}
