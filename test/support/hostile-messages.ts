import { readdirSync } from 'node:fs';
import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader';

type Method = MethodDefinition<object, object> & {
  readonly requestType: MessageTypeDefinition<object, object>;
};

interface Field {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  readonly typeName?: string;
  readonly oneofIndex?: number | null;
}

/** Text that programs have stumbled over: what is unprintable, invisible, unpaired, very long, or looks like something else. */
const texts = [
  ...[
    '',
    ' ',
    '\u0000',
    '\n',
    '\u001b[2J\u001b]0;x\u0007',
    '\u202eEVIL\u202c',
    '\u200b',
    '\ufeff',
    '\uffff',
    'a\u0301'.repeat(300),
  ],
  ...[
    'ｆｕｌｌ',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '👩‍👩‍👧‍👦'.repeat(60),
    'İıſﬀ',
    '\u0f3c\u0f3d',
    '%s%n%x',
    '../../etc/passwd',
    'unix:/tmp/x',
    "'; DROP TABLE entries; --",
  ],
  ...[
    '<script>alert(1)</script>',
    '{{7*7}}',
    '__proto__',
    'constructor',
    'NaN',
    '-0',
    '1e309',
    'x'.repeat(70_000),
    'sports',
    'sports..chess',
  ],
  ...['localhost:1', '127.0.0.1:0', '[::1]:65536', '0'.repeat(52), 'v'.repeat(52)],
];
const numbers = [0, 1, 2, 50, 500, 501, 2 ** 31 - 1, 2 ** 32 - 1];
const longs = ['0', '1', '-1', '9223372036854775807', '-9223372036854775808', '253402300800000', '1700000000000'];
const deepest = 5;

/** Every method of the services in `proto/moot`, as they are read at run time. */
export function allMethods(): readonly Method[] {
  const files = readdirSync('proto/moot/v1').map((file) => `moot/v1/${file}`);
  const loaded = loadSync(files, { includeDirs: ['proto'], longs: String, enums: Number, keepCase: false });
  types = loaded;
  return Object.values(loaded).flatMap((one) => ('format' in one ? [] : (Object.values(one) as unknown as Method[])));
}

let types: PackageDefinition = {};

/** Requests that are well formed and mean what nobody would mean, and some that are not well formed. */
export class HostileMessages {
  constructor(private readonly random: () => number) {}

  for(method: Method): Buffer {
    const bytes = method.requestSerialize(this.message(fieldsOf(method.requestType), 0));
    return this.random() < 0.5 ? bytes : this.mutated(bytes);
  }

  bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(most) }, () => this.below(256)));
  }

  below(end: number): number {
    return Math.floor(this.random() * end);
  }

  private message(fields: readonly Field[], depth: number): object {
    const said: Record<string, unknown> = {};
    for (const field of fields) {
      if (this.random() < 0.35) continue;
      const isList = field.label === 'LABEL_REPEATED';
      const value = (): unknown => this.value(field, depth);
      said[field.name] = isList ? Array.from({ length: this.below(4) }, value) : value();
    }
    return said;
  }

  private value({ type, typeName = '' }: Field, depth: number): unknown {
    if (type === 'TYPE_STRING') return this.one(texts);
    if (type === 'TYPE_BYTES') return this.bytes(this.one([0, 4, 33, 200]));
    if (type === 'TYPE_BOOL') return this.random() < 0.5;
    if (type === 'TYPE_MESSAGE') {
      const found = types[typeName] ?? types[`moot.v1.${typeName}`];
      if (!found || depth >= deepest) return {};
      return this.message(fieldsOf(found as MessageTypeDefinition<object, object>), depth + 1);
    }
    if (type.includes('64')) return type.startsWith('TYPE_U') ? this.one(longs).replace('-', '') : this.one(longs);
    return type === 'TYPE_ENUM' ? this.below(9) : this.one(numbers);
  }

  /** Bytes are changed, cut out, doubled, or put in. */
  private mutated(bytes: Buffer): Buffer {
    const at = this.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + this.below(16));
    const [head, part, tail] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
    const middle = this.one([
      Buffer.alloc(0),
      this.bytes(16),
      Buffer.concat([part, part]),
      part.map((byte) => byte ^ (1 << this.below(8))),
    ]);
    return Buffer.concat([head, middle, tail]);
  }

  private one<Value>(list: readonly Value[]): Value {
    return list[this.below(list.length)] as Value;
  }
}

function fieldsOf({ type }: MessageTypeDefinition<object, object>): readonly Field[] {
  return (type as { field: readonly Field[] }).field;
}
