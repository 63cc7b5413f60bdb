import { kindNumbers } from '../../core/entry-codec.js';
import { mostHeld } from '../../core/held.js';
import { type EntryId, type OriginId, toId } from '../../core/ids.js';
import type { DailyUse } from '../../core/quota.js';
import type { Published } from '../../core/stores.js';
import { heldAck } from '../submission.js';
import type { Ask } from './database.js';
import { textArray } from './packed-array.js';

/** The end of the own log, as of one version: what is appended there holds only while it is still that. */
export interface OwnEnd {
  readonly version: number;
  readonly epoch: number;
  readonly seq: number;
  readonly lastSeal: Uint8Array;
  /** The number of the last article that was held. */
  readonly heldLast: number;
}

export interface Remembered {
  readonly published: Published;
  readonly digest: Uint8Array;
}

/** What is to be looked up before something is appended. */
export interface Wanted {
  readonly keys: readonly { readonly memberId: string; readonly key: string }[];
  /** Members of whom an article may be held. */
  readonly newMembers: readonly string[];
  /** Members whose use of these days counts. */
  readonly uses: readonly { readonly day: number; readonly memberId: string }[];
  /** Places of which nobody knows whether they were taken, and by what. */
  readonly places: readonly { readonly epoch: number; readonly seq: number }[];
  /** The same of what was held. */
  readonly heldIds: readonly string[];
}

/** All of it, as of one moment. */
export interface OwnView {
  readonly end: OwnEnd;
  readonly keys: ReadonlyMap<string, Remembered>;
  /** How many of a member's articles are in the log, as far as it counts, and how many wait. */
  readonly passed: ReadonlyMap<string, number>;
  readonly waiting: ReadonlyMap<string, number>;
  readonly uses: ReadonlyMap<string, DailyUse>;
  readonly ids: ReadonlySet<EntryId>;
  readonly held: ReadonlySet<string>;
  /** A public key that is shorter, with its rotations, was replaced: each rotation makes it longer. */
  readonly leastKeyBytes: number;
}

interface Row {
  readonly what: 'end' | 'seal' | 'key' | 'held' | 'passed' | 'waiting' | 'use' | 'place' | 'heldId';
  readonly member: string | null;
  readonly key: string | null;
  readonly a: number | null;
  readonly b: number | null;
  readonly c: number | null;
  readonly d: number | null;
  readonly x: Uint8Array | null;
  readonly y: Uint8Array | null;
}

export function keyName(memberId: string, key: string): string {
  return `${memberId}\n${key}`;
}

export function useName(day: number, memberId: string): string {
  return `${day}\n${memberId}`;
}

/** Looks all of it up in one statement, which sees one moment. */
export async function lookUp(
  ask: Ask,
  own: { readonly number: number; readonly origin: OriginId },
  wanted: Wanted,
): Promise<OwnView> {
  const { sql, values } = question(own.number, wanted);
  const rows = await ask<Row>(sql, values);
  const of = (what: Row['what']): Row[] => rows.filter((row) => row.what === what);
  const [end] = of('end');
  if (!end) throw new Error('the own log is not there');
  const keys = new Map<string, Remembered>();
  for (const row of of('key')) keys.set(keyName(row.member ?? '', row.key ?? ''), rememberedKey(row, own.origin));
  for (const row of of('held')) keys.set(keyName(row.member ?? '', row.key ?? ''), rememberedHeld(row, own.origin));
  const counted = (what: Row['what']): Map<string, number> =>
    new Map(of(what).map(({ member, a }) => [member ?? '', a ?? 0]));
  return {
    end: { version: end.a ?? 0, epoch: end.b ?? 0, seq: end.c ?? 0, heldLast: end.d ?? 0, lastSeal: end.x ?? nothing },
    keys,
    passed: counted('passed'),
    waiting: counted('waiting'),
    uses: new Map(
      of('use').map(({ member, a, b, c }) => [useName(a ?? 0, member ?? ''), { articles: b ?? 0, bytes: c ?? 0 }]),
    ),
    ids: new Set(of('place').map(({ x }) => toId(x ?? nothing))),
    held: new Set(of('heldId').map(({ key }) => key ?? '')),
    leastKeyBytes: Math.max(0, ...of('seal').map(({ a, b }) => (a ?? 0) + (b === kindNumbers.rotation ? 1 : 0))),
  };
}

/** Of an article that was published with a key, or released: more than 1,000 are not told apart. */
const mostCounted = 1000;

function question(own: number, wanted: Wanted): { readonly sql: string; readonly values: unknown[] } {
  const values: unknown[] = [own];
  const put = (value: unknown, type: string): string => `$${values.push(value)}::${type}[]`;
  const parts = [
    `SELECT 'end' AS what, NULL::text AS member, NULL::text AS key, version AS a, end_epoch AS b, end_seq AS c, held_last AS d,
       last_seal AS x, NULL::bytea AS y FROM logs WHERE origin = $1`,
    `(SELECT 'seal', NULL, NULL, length(c.public_key), e.kind, NULL, NULL, NULL, NULL
       FROM commits c JOIN entries e ON e.origin = c.origin AND e.epoch = c.epoch AND e.seq = c.first_seq
       WHERE c.origin = $1 ORDER BY c.epoch DESC, c.first_seq DESC LIMIT 1)`,
  ];
  if (wanted.keys.length > 0) {
    const members = put(textArray(wanted.keys.map(({ memberId }) => memberId)), 'text');
    const keys = put(textArray(wanted.keys.map(({ key }) => key)), 'text');
    const asked = `unnest(${members}, ${keys}) AS asked (member, key)`;
    parts.push(
      `SELECT 'key', k.member, k.key, k.epoch, k.seq, k.published_at, NULL, k.digest, k.id
       FROM ${asked} JOIN keys k ON k.member = asked.member AND k.key = asked.key`,
      `SELECT 'held', h.member, h.key, h.held_at, NULL, NULL, NULL, h.digest, convert_to(h.id, 'UTF8')
       FROM ${asked} JOIN held h ON h.member = asked.member AND h.key = asked.key AND h.key <> ''`,
    );
  }
  if (wanted.newMembers.length > 0) {
    const members = put(textArray(wanted.newMembers), 'text');
    parts.push(
      `SELECT 'passed', m, NULL, (SELECT count(*) FROM (SELECT 1 FROM keys WHERE keys.member = m LIMIT ${mostCounted}) counted),
         NULL, NULL, NULL, NULL, NULL FROM unnest(${members}) AS asked (m)`,
      `SELECT 'waiting', m, NULL, (SELECT count(*) FROM (SELECT 1 FROM held WHERE held.member = m
         AND refused_at IS NULL LIMIT ${mostHeld}) counted), NULL, NULL, NULL, NULL, NULL FROM unnest(${members}) AS asked (m)`,
    );
  }
  if (wanted.uses.length > 0) {
    const members = put(textArray(wanted.uses.map(({ memberId }) => memberId)), 'text');
    const days = put(
      wanted.uses.map(({ day }) => day),
      'bigint',
    );
    parts.push(
      `SELECT 'use', u.member, NULL, u.day, u.articles, u.bytes, NULL, NULL, NULL
       FROM unnest(${members}, ${days}) AS asked (member, day)
       JOIN daily_uses u ON u.member = asked.member AND u.day = asked.day`,
    );
  }
  if (wanted.places.length > 0) {
    const epochs = put(
      wanted.places.map(({ epoch }) => epoch),
      'bigint',
    );
    const seqs = put(
      wanted.places.map(({ seq }) => seq),
      'bigint',
    );
    parts.push(
      `SELECT 'place', NULL, NULL, NULL, NULL, NULL, NULL, e.id, NULL FROM unnest(${epochs}, ${seqs}) AS asked (epoch, seq)
       JOIN entries e ON e.origin = $1 AND e.epoch = asked.epoch AND e.seq = asked.seq`,
    );
  }
  if (wanted.heldIds.length > 0) {
    const ids = put(textArray(wanted.heldIds), 'text');
    parts.push(
      `SELECT 'heldId', NULL, held.id, NULL, NULL, NULL, NULL, NULL, NULL FROM held WHERE held.id = ANY(${ids})`,
    );
  }
  return { sql: parts.join('\nUNION ALL\n'), values };
}

function rememberedKey({ a, b, c, x, y }: Row, origin: OriginId): Remembered {
  const place = { epoch: a ?? 0, seq: b ?? 0, publishedAtMs: c ?? 0 };
  return { published: { id: toId(y ?? nothing), origin, ...place, duplicate: false }, digest: x ?? nothing };
}

function rememberedHeld({ a, x, y }: Row, origin: OriginId): Remembered {
  return { published: heldAck(origin, Buffer.from(y ?? nothing).toString('utf8'), a ?? 0), digest: x ?? nothing };
}

const nothing = new Uint8Array(0);
