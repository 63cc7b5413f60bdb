import { codeOf, isMootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { LinkLoad } from '../core/load.js';
import type { Report } from '../core/row.js';
import type { Moot } from './moot.js';
import { drawMap, type NetworkMap } from './network-map.js';
import type { CallOptions, ServerInfo } from './types.js';

export interface MapOptions extends CallOptions {
  /** Ask this community, too: a name, the start of an id, or HOST:PORT. Only its members can. */
  readonly walk?: string | undefined;
}

/**
 * The network from the registries, and with `walk` from the rows of a question that is asked there. Of each community that
 * answers and whose member or operator we are, its links tell how they stand.
 * @throws MootError `unavailable` when no registry answers and nothing is walked; what the question throws.
 */
export async function readMap(moot: Moot, { walk, ...options }: MapOptions): Promise<NetworkMap> {
  const missing: string[] = [];
  const report = walk === undefined ? undefined : await walked(moot, walk, options);
  const listed = await moot.servers({}, options).catch((error: unknown): undefined => {
    if (!report || !isMootError(error) || codeOf(error) === 'cancelled') throw error;
    missing.push(`${error.message}: only what was walked is shown`);
    return undefined;
  });
  const standing = report
    ? await readStanding(moot, report, listed ?? [], options, missing)
    : new Map<OriginId, readonly LinkLoad[]>();
  return drawMap({ listed, report, standing, missing });
}

/** Every server below it says its row; one article is the least that can be asked for. */
async function walked(moot: Moot, server: string, options: CallOptions): Promise<Report> {
  const community = await moot.community(server, options);
  return community.query({ ...options, limit: 1 }).report;
}

/** Of those that answered and whose members or operators we are. */
async function readStanding(
  moot: Moot,
  report: Report,
  listed: readonly ServerInfo[],
  options: CallOptions,
  missing: string[],
): Promise<ReadonlyMap<OriginId, readonly LinkLoad[]>> {
  const answered = new Set(report.rows.filter(({ outcome }) => outcome === 'ANSWERED').map(({ serverId }) => serverId));
  const standing = new Map<OriginId, readonly LinkLoad[]>();
  await Promise.all(
    listed
      .filter(({ id }) => answered.has(id))
      .map(async (server) => {
        try {
          const links = await moot.linksOf(server, options);
          if (links) standing.set(server.id, links);
        } catch (error) {
          if (!isMootError(error) || codeOf(error) === 'cancelled') throw error;
          missing.push(`how the links of ${server.name} stand is not known: ${error.message}`);
        }
      }),
  );
  return standing;
}
