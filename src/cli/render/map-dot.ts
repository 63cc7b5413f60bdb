import type { NetworkMap } from '../../client/index.js';
import { articlesText } from './feed-text.js';
import { linkWords, namesOf, outcomeWords } from './map-words.js';

/** Above that, Graphviz's own way of drawing, in ranks, takes minutes; with springs, 500 servers take a second. */
const mostInRanks = 100;

/** The map in Graphviz's language: cut points with a thick border, what is not listed or did not answer with a broken one. */
export function mapDot(map: NetworkMap): string {
  const nameOf = namesOf(map);
  const cuts = new Set(map.cutPoints);
  const servers = map.servers.map((server) => {
    const { id, articles, isListed, row } = server;
    const facts = [articles === undefined ? '' : articlesText(articles), outcomeWords(server)];
    const label = [nameOf(id), ...facts.filter((fact) => fact !== '')];
    const isBroken = isListed === false || (row !== undefined && row.outcome !== 'ANSWERED');
    const style = ['rounded', ...(isBroken ? ['dashed'] : []), ...(cuts.has(id) ? ['bold'] : [])];
    return `  ${text(id)} [label=${text(...label)}, style=${text(style.join(','))}];\n`;
  });
  const links = map.links.map((link) => {
    const words = linkWords(link);
    const style = link.load?.state === 'down' ? ', style="dashed"' : '';
    const label = words === '' ? '' : ` [label=${text(words)}${style}]`;
    return `  ${text(link.from)} -> ${text(link.to)}${label};\n`;
  });
  const layout = map.servers.length > mostInRanks ? 'layout="sfdp";\n  overlap="false"' : 'rankdir="LR"';
  return `digraph moot {\n  ${layout};\n  node [shape="box"];\n${servers.join('')}${links.join('')}}\n`;
}

/** A quoted string. In a label a backslash would begin an escape: \\N is the name of the thing itself. */
function text(...lines: readonly string[]): string {
  return `"${lines.map((line) => line.replace(/[\\"]/g, '\\$&')).join('\\n')}"`;
}
