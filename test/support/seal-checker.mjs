/** Checks a moot.db with its tables and node:crypto alone: `node seal-checker.mjs FILE`. Shares no code with src/ on purpose. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import Sqlite from 'better-sqlite3';

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const bits = (bytes) => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
const digit = (five) => Number.parseInt(five.padEnd(5, '0'), 2).toString(32);
const digits = (text) => text.match(/.{1,5}/g).map(digit);
const base32 = (bytes) => digits(bits(bytes)).join('');
const hex = (value, size) => BigInt(value).toString(16).padStart(size, '0');
const uint = (value, size) => Buffer.from(hex(value, 2 * size), 'hex');
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');
const toKey = (raw) => createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: 'der', type: 'spki' });
/** RFC 9162, section 2.1.1, word for word. */
const treeHash = (leaves) => {
  if (leaves.length < 2) return leaves[0];
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha(Buffer.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
};
/** Fields 1 to 3 of an entry, by the rules of protobuf: origin, epoch, seq. */
const place = (bytes) => {
  const varint = (at) => (bytes[at] < 128 ? [bytes[at], at + 1] : add(bytes[at] - 128, varint(at + 1)));
  const add = (low, [high, end]) => [low + high * 128, end];
  const [epoch, end] = varint(55);
  const [seq] = varint(end + 1);
  return `${bytes[0]} ${bytes[1]} ${bytes[54]} ${bytes[end]} ${bytes.subarray(2, 54)} ${epoch} ${seq}`;
};
const database = new Sqlite(process.argv[2], { readonly: true, fileMustExist: true });
const all = (sql, ...values) => database.prepare(sql).all(...values);
const must = (holds, fault) => {
  if (!holds) throw new Error(fault);
};
const statementOf = (first, epoch, seq, size, root, previous) =>
  Buffer.concat([Buffer.from('moot/seal/v1'), sha(first), uint(epoch, 8), uint(seq, 8), uint(size, 4), root, previous]);
/** The newest key of a line of them: the first, and for each rotation the seal before it, its own signature, and its entry. */
const newestOf = (line, name) => {
  const first = line.subarray(0, 32);
  let key = first;
  for (let at = 32; at < line.length; ) {
    const entry = line.subarray(at + 98, at + 98 + line.readUInt16BE(at + 96));
    const [epoch, seq] = place(entry).split(' ').slice(-2);
    const statement = statementOf(first, epoch, seq, 1, sha(Buffer.of(0), entry), line.subarray(at, at + 32));
    must(place(entry) === `10 52 16 24 ${name} ${epoch} ${seq}`, 'a rotation is of another log');
    must(verify(null, statement, toKey(key), line.subarray(at + 32, at + 96)), 'a rotation is false');
    // Field 15 is the last that a rotation has.
    must(entry.subarray(-34, -32).toString('hex') === '7a20', 'a rotation names no key');
    key = entry.subarray(-32);
    at += 98 + entry.length;
  }
  return key;
};
const entries = 'SELECT seq, id, bytes, gone FROM entries WHERE origin = ? AND epoch = ? AND seq >= ? AND seq < ?';
const ends = new Map();
for (const commit of all('SELECT * FROM commits JOIN origins ON number = origin ORDER BY origin, epoch, first_seq')) {
  const { origin, epoch, first_seq: first, size, root, previous, public_key: line, signature, name } = commit;
  const log = `${name} ${epoch}`;
  const end = ends.get(log) ?? { next: 1, hash: Buffer.alloc(32) };
  must(first === end.next && previous.equals(end.hash), `the chain breaks at ${first}`);
  const firstKey = line.subarray(0, 32);
  const statement = statementOf(firstKey, epoch, first, size, root, previous);
  must(base32(sha(firstKey)) === name, `the key of ${first} is another community's`);
  must(verify(null, statement, toKey(newestOf(line, name)), signature), `the seal of ${first} is false`);
  const next = first + size;
  const rows = all(`${entries} ORDER BY seq`, origin, epoch, first, next);
  must(rows.length === size, `an entry of ${first} is missing`);
  // What was taken back has its hash, which the root covers, and no bytes.
  for (const { seq, id, bytes } of rows.filter(({ gone }) => gone === null))
    must(sha(Buffer.of(0), bytes).equals(id) && place(bytes) === `10 52 16 24 ${log} ${seq}`, `entry ${seq} is false`);
  must(treeHash(rows.map(({ id }) => id)).equals(root), `the root of ${first} is false`);
  ends.set(log, { next, hash: sha(statement, signature) });
}
const sealed = [...ends.values()].reduce((sum, { next }) => sum + next - 1, 0);
must(all('SELECT 1 FROM entries').length === sealed, 'an entry has no seal');
process.stdout.write(`${ends.size} logs, ${sealed} entries\n`);
