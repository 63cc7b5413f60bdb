import { z } from 'zod';
import type { QueryOptions } from '../client/index.js';
import { invalid } from '../core/errors.js';

/** Once or many times in a query string. */
const many = z.union([z.string(), z.array(z.string())]).transform((said) => (typeof said === 'string' ? [said] : said));
const date = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const filter = {
  topic: many,
  author: z.string(),
  text: z.string(),
  origin: many,
  replyTo: z.string(),
  scope: z.enum(['local', 'network']),
};
const span = { since: date, until: date };

const pageForm = z
  .strictObject({
    ...filter,
    ...span,
    limit: z.coerce.number(),
    page: z.string().min(1).max(4096),
    fresh: z.enum(['live', 'mirrored']),
  })
  .partial();
const liveForm = z.strictObject({ ...filter, from: z.string().max(128) }).partial();
const feedForm = z.strictObject({ ...filter, ...span }).partial();

type Filter = Pick<QueryOptions, 'author' | 'text' | 'replyTo' | 'scope'> & {
  readonly topics?: readonly string[];
  readonly origins?: readonly string[];
};

/** What a page of articles is asked for. @throws MootError `invalid` naming the field. */
export function parsePage(query: unknown): QueryOptions {
  const { since, until, limit, page, fresh, ...rest } = read(pageForm, query);
  return { ...toFilter(rest), sinceMs: since, untilMs: until, limit, page, fresh };
}

/** What a live stream is asked for. @throws as `parsePage` does. */
export function parseLive(query: unknown): { readonly filter: Filter; readonly from: string } {
  const { from = 'now', ...rest } = read(liveForm, query);
  return { filter: toFilter(rest), from };
}

/** What a feed is asked for. @throws as `parsePage` does. */
export function parseFeed(query: unknown): QueryOptions {
  const { since, until, ...rest } = read(feedForm, query);
  return { ...toFilter(rest), sinceMs: since, untilMs: until };
}

type FilterForm = { [Name in keyof typeof filter]?: z.output<(typeof filter)[Name]> | undefined };

function toFilter({ topic, origin, ...rest }: FilterForm): Filter {
  return { ...rest, topics: topic ?? [], origins: origin ?? [] };
}

/** What was sent, as `form` says it is. @throws MootError `invalid` naming the field. */
export function read<Form extends z.ZodType>(form: Form, sent: unknown): z.output<Form> {
  const { data, error } = form.safeParse(sent);
  const [fault] = error?.issues ?? [];
  if (!fault) return data as z.output<Form>;
  const unknown = fault.code === 'unrecognized_keys' ? fault.keys[0] : undefined;
  const field = unknown ?? (fault.path.map(String).join('.') || 'body');
  throw invalid(field, unknown === undefined ? `${field}: ${fault.message}` : `${field} is not known here`);
}
