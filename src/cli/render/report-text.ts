import type { Report, Row } from '../../core/row.js';
import { oneLine } from './plain.js';
import { roughly } from './time.js';

/** The report as one honest sentence: who answered, and who did not and why. */
export function reportText(report: Report): string {
  const { rows } = report;
  const answered = rows.filter(({ outcome }) => outcome === 'ANSWERED');
  const others = rows.filter(({ outcome }) => outcome !== 'ANSWERED');
  const noun = rows.length === 1 ? 'community' : 'communities';
  const parts = [`${answered.length} of ${rows.length} ${noun} answered`, ...others.map(fate)];
  const held = rows.reduce((sum, row) => sum + row.held, 0);
  if (held > 0) parts.push(`${held} held back because their date is still ahead`);
  if (report.coverageChanged) parts.push('other communities answered than for the page before');
  if (!report.complete && others.length === 0 && !report.coverageChanged)
    parts.push('not complete: a community that they link to was not heard');
  return parts.join('; ');
}

function fate(row: Row): string {
  const name = oneLine(row.name) || `${row.serverId.slice(0, 12)}…`;
  const age = row.ageMs === undefined ? '' : `, from a copy ${roughly(row.ageMs)} old`;
  const reason = row.reason === '' ? '' : ` — ${oneLine(row.reason)}`;
  return `${name}: ${row.outcome.toLowerCase()}${age}${reason}`;
}
