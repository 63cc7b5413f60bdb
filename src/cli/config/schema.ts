import { z } from 'zod';

const text = z.string().min(1);
const number = z.number().int();

/** What config.toml may hold: the names of the flags, without their dashes. Durations are text, as in "5s". */
export const fileSchema = z
  .strictObject({
    registries: z.union([text, z.array(text).min(1)]),
    'operator-token-file': text,
    timeout: text,
    json: z.boolean(),
    quiet: z.boolean(),
    debug: z.boolean(),
    insecure: z.boolean(),
    server: z
      .strictObject({
        host: text,
        advertise: text,
        name: text,
        data: text,
        topics: z.union([text, z.array(text)]),
        'max-members': number,
        admission: z.enum(['open', 'invite', 'approval']),
        peering: z.enum(['open', 'approval', 'closed']),
        readable: z.enum(['members', 'public']),
        store: text,
        identity: text,
        verbose: z.boolean(),
      })
      .partial(),
    registry: z.strictObject({ host: text, port: number, 'max-servers': number, lease: text }).partial(),
    demo: z.strictObject({ communities: number, port: number, data: text }).partial(),
  })
  .partial();

export type FileValues = z.infer<typeof fileSchema>;

/** Every key, with those of a table after a dot: what a typing slip may have meant. */
export function keysIn(table: readonly PropertyKey[]): readonly string[] {
  const all = Object.keys(fileSchema.shape);
  const [name] = table;
  const tables = { server: fileSchema.shape.server, registry: fileSchema.shape.registry, demo: fileSchema.shape.demo };
  const found = Object.entries(tables).find(([key]) => key === name)?.[1];
  return found === undefined ? all : Object.keys(found.unwrap().shape);
}
