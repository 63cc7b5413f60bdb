import { z } from 'zod';

/** What a value should be, in words, and one that is, as TOML has it. */
type Kind = {
  readonly kind: string;
  readonly example: string;
};

const text = (example: string, kind = 'text') =>
  z
    .string()
    .min(1)
    .meta({ kind, example: `"${example}"` });
const duration = (example: string) => text(example, 'a duration, which is text');
const number = (example: number) =>
  z
    .number()
    .int()
    .meta({ kind: 'a whole number', example: `${example}` });
const boolean = () => z.boolean().meta({ kind: 'true or false', example: 'true' });
const list = (least: number, ...example: readonly string[]) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(least)])
    .meta({ kind: 'a list of texts', example: JSON.stringify(example) });
const choice = <Word extends string>(...words: readonly [Word, ...Word[]]) =>
  z.enum(words).meta({
    kind: words
      .map((word) => `"${word}"`)
      .join(', ')
      .replace(/, ("[^"]*")$/, ' or $1'),
    example: `"${words[0]}"`,
  });
const table = (example: string): Kind => ({ kind: 'a table', example: `{ ${example} }` });

const limit = (example: number) =>
  z.union([z.number().int(), z.literal('off')]).meta({ kind: 'a whole number or "off"', example: `${example}` });
const limits = {
  'address-rate': limit(2000),
  'caller-streams': limit(2000),
  'address-connections': limit(1000),
  connections: limit(10_000),
  'request-time': duration('10s'),
  'idle-time': duration('120s'),
  'age-time': duration('30m'),
};

const metrics = () =>
  z.union([z.number().int(), z.string().min(1)]).meta({ kind: 'a port or HOST:PORT', example: '9464' });
const log = {
  'log-format': choice('text', 'json'),
  'log-level': choice('debug', 'info', 'warn', 'error'),
};

/** What config.toml may hold: the names of the flags, without their dashes. */
export const fileSchema = z
  .strictObject({
    registries: list(1, 'localhost:50051'),
    'operator-token-file': text('hamlet/operator.token'),
    timeout: duration('5s'),
    json: boolean(),
    quiet: boolean(),
    debug: boolean(),
    insecure: boolean(),
    'tls-ca': text('ca.pem'),
    server: z
      .strictObject({
        host: text('127.0.0.1'),
        advertise: text('moot.example:50052'),
        name: text('Hamlet'),
        data: text('hamlet'),
        topics: list(0, 'town', 'garden'),
        'max-members': number(100),
        'hold-first': number(3),
        admission: choice('open', 'invite', 'approval'),
        peering: choice('open', 'approval', 'closed'),
        readable: choice('members', 'public'),
        'mirror-days': number(7),
        'mirror-articles': number(1_000_000),
        store: text('sqlite:hamlet.db'),
        bus: text('nats://localhost:4222'),
        identity: text('hamlet.pem'),
        'allow-private-peers': boolean(),
        web: number(8080),
        'tls-cert': text('cert.pem'),
        'tls-key': text('key.pem'),
        'member-rate': limit(2000),
        'member-articles-a-day': limit(100_000),
        'member-bytes-a-day': limit(100_000_000),
        'peer-rate': limit(2000),
        ...limits,
        ...log,
        metrics: metrics(),
        verbose: boolean(),
      })
      .partial()
      .meta(table('name = "Hamlet"')),
    registry: z
      .strictObject({
        host: text('127.0.0.1'),
        port: number(50051),
        'max-servers': number(100),
        lease: duration('15s'),
        unproved: boolean(),
        'tls-cert': text('cert.pem'),
        'tls-key': text('key.pem'),
        ...limits,
        ...log,
        metrics: metrics(),
      })
      .partial()
      .meta(table('port = 50051')),
    demo: z
      .strictObject({
        communities: number(3),
        port: number(50051),
        'web-port': number(8080),
        data: text('demo'),
        ...log,
      })
      .partial()
      .meta(table('communities = 3')),
  })
  .partial();

export type FileValues = z.infer<typeof fileSchema>;

/** Every key, with those of a table after a dot: what a typing slip may have meant. */
export function keysIn(path: readonly PropertyKey[]): readonly string[] {
  return Object.keys(shapeOf(path[0]) ?? fileSchema.shape);
}

/** What the value at `path` should be: a key, or a table and a key. */
export function kindAt([first, second]: readonly PropertyKey[]): Kind {
  const all: Shape = fileSchema.shape;
  const found = second === undefined ? all[String(first)] : (shapeOf(first) ?? all)[String(second)];
  const { kind, example } = found?.unwrap().meta() ?? {};
  return { kind: String(kind), example: String(example) };
}

type Shape = Readonly<Record<string, z.ZodOptional<z.ZodType>>>;

function shapeOf(table: PropertyKey | undefined): Shape | undefined {
  const { server, registry, demo } = fileSchema.shape;
  const found = Object.entries({ server, registry, demo }).find(([key]) => key === table)?.[1];
  return found?.unwrap().shape;
}
