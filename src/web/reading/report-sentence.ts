import type { ReportInfo, ReportRow } from '../api.js';
import { length } from './times.js';

const named = 3;

/** The report in one sentence: who answered, and of the others who they are and what is shown of them. */
export function reportSentence({ servers, complete, coverageChanged }: ReportInfo): string {
  const missing = servers.filter(({ outcome }) => outcome !== 'ANSWERED');
  const noun = servers.length === 1 ? 'community' : 'communities';
  const parts = [`${servers.length - missing.length} of ${servers.length} ${noun} answered`];
  parts.push(...missing.slice(0, named).map((row) => `${nameOf(row)}: ${fate(row)}`));
  if (missing.length > named) parts.push(`and ${missing.length - named} more`);
  if (coverageChanged) parts.push('other communities answered than before, so articles may be missing between');
  if (!complete && missing.length === 0 && !coverageChanged) parts.push('a community that they link to was not heard');
  return `${parts.join('; ')}.`;
}

/** What became of one community, in words. */
export function fate({ outcome, ageMs, articles }: ReportRow): string {
  const copy = ageMs === null ? '' : `, served from ${length(ageMs)} ago`;
  switch (outcome) {
    case 'ANSWERED':
      return articles === 1 ? 'answered with 1 article' : `answered with ${articles} articles`;
    case 'STALE':
      return `unreachable${copy}`;
    case 'UNREACHABLE':
      return `unreachable${copy || ', nothing of it is shown'}`;
    case 'DEADLINE':
      return `too slow to wait for${copy}`;
    case 'DENIED':
      return `does not answer this community${copy}`;
    case 'OVERLOADED':
      return `has too much to do${copy}`;
    case 'WITHHELD':
      return `known to hold articles back${copy}`;
    default:
      return `failed${copy}`;
  }
}

export function nameOf({ id, name }: { readonly id: string; readonly name: string | null }): string {
  return name || `${id.slice(0, 8)}…`;
}

/** Everybody answered, and everything that they link to was heard. */
export function isWhole({ servers, complete, coverageChanged }: ReportInfo): boolean {
  return complete && !coverageChanged && servers.every(({ outcome }) => outcome === 'ANSWERED');
}
