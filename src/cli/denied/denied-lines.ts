import { z } from 'zod';
import type { Denied } from '../../client/index.js';
import { invalid } from '../../core/errors.js';
import { fromId } from '../../core/ids.js';
import { readDate } from '../parse/date.js';

const shape = z.object({
  id: z.string(),
  name: z.string().nullish(),
  level: z.enum(['deny', 'silence']),
  reason: z.string(),
  until: z.string().nullish(),
});

/** One server of a deny list, as `deniedLine` wrote it. @returns undefined for a blank line. @throws MootError `invalid` naming the field. */
export function parseDeniedLine(line: string): Denied | undefined {
  if (line.trim() === '') return undefined;
  const { success, data, error } = shape.safeParse(jsonOf(line));
  if (!success) {
    const [issue] = error.issues;
    const field = String(issue?.path[0] ?? 'line');
    throw invalid(
      field,
      field === 'line' ? 'it is not a JSON object' : `${field} is missing, or not what it should be`,
    );
  }
  fromId(data.id);
  const { id, level, reason, until } = data;
  const untilMs = typeof until === 'string' ? readDate(until) : undefined;
  if (typeof until === 'string' && untilMs === undefined) throw invalid('until', 'until is not a date');
  return { id, name: data.name ?? '', level, reason, untilMs };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw invalid('line', 'it is not JSON');
  }
}
