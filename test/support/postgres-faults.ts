/** What can be wrong with a community in PostgreSQL, and how `moot doctor` is to name it. */
interface Fault {
  readonly fault: string;
  /** Its tables are found without a schema. */
  readonly plant: readonly string[];
  readonly status: 0 | 1 | 65;
  readonly check: string;
  readonly says: string | RegExp;
  readonly hint: string | RegExp;
}

const own = "(SELECT number FROM origins JOIN meta ON value = origins.name WHERE meta.name = 'own')";
const row = (
  fault: string,
  plant: string | readonly string[],
  status: Fault['status'],
  check: string,
  says: Fault['says'],
  hint: Fault['hint'],
): Fault => ({ fault, plant: typeof plant === 'string' ? [plant] : plant, status, check, says, hint });

function commitGone(firstSeq: number): readonly string[] {
  return ['commits', 'entries'].map(
    (table) => `DELETE FROM ${table} WHERE origin = ${own} AND first_seq = ${firstSeq}`,
  );
}

/** Of a community with 40 entries of its own, four a commit, and two of another one. */
export const postgresFaults: readonly Fault[] = [
  row(
    'an article that was altered',
    `UPDATE entries SET bytes = set_byte(bytes, length(bytes) - 2, 7) WHERE origin = ${own} AND seq = 7`,
    65,
    'seals',
    'entry 7 is not what was sealed',
    /stop all replicas, and put the newest dump/,
  ),
  row(
    'an article that was put in the place of another',
    `UPDATE entries e SET bytes = o.bytes, id = o.id FROM entries o
     WHERE e.origin = ${own} AND e.seq = 7 AND o.origin = e.origin AND o.seq = 20`,
    65,
    'seals',
    'entry 7 is not at the place its seal gives it',
    'newest dump',
  ),
  row(
    'an article that is missing',
    `DELETE FROM entries WHERE origin = ${own} AND seq = 9`,
    65,
    'seals',
    '41 entries are stored, 42 are sealed',
    'newest dump',
  ),
  row(
    'a text that is gone, and nothing says why',
    `UPDATE entries SET bytes = NULL WHERE origin = ${own} AND seq = 3`,
    65,
    'seals',
    'entry 3 is not what was sealed',
    'newest dump',
  ),
  row(
    'a log without its end',
    `DELETE FROM entries WHERE origin = ${own} AND seq > 35`,
    65,
    'log',
    'ends at entry 35, its last seal at 40',
    'newest dump',
  ),
  row(
    'a commit that is missing, with its entries',
    commitGone(13),
    65,
    'seals',
    'the seal that begins at entry 13 is missing',
    'newest dump',
  ),
  row(
    'the last commit missing, with its entries',
    commitGone(37),
    65,
    'seals',
    'the log goes on from entry 40, and its last seal is another, up to entry 36',
    'newest dump',
  ),
  row(
    'a seal whose signature is none',
    `UPDATE commits SET signature = decode(repeat('00', 64), 'hex') WHERE origin = ${own} AND first_seq = 5`,
    65,
    'seals',
    'the seal from entry 9 on does not follow the one before it',
    'newest dump',
  ),
  row(
    'a seal with the key of another community',
    `UPDATE commits SET public_key = (SELECT public_key FROM commits WHERE origin <> ${own} LIMIT 1)
     WHERE origin = ${own} AND first_seq = 5`,
    65,
    'seals',
    'the seal from entry 5 on was not made by the origin',
    'newest dump',
  ),
  row(
    'an altered article in the copy of another log',
    `UPDATE entries SET bytes = set_byte(bytes, length(bytes) - 2, 7) WHERE origin <> ${own} AND seq = 2`,
    65,
    'seals',
    'entry 2 is not what was sealed',
    'newest dump',
  ),
  row(
    'a mirror with a gap',
    `INSERT INTO gaps SELECT number, 1, 4, 6, 'nobody has them' FROM origins WHERE number <> ${own} LIMIT 1`,
    0,
    'mirrors',
    /entries 4 to 6 are missing: nobody has them/,
    'moot disconnect, then moot connect',
  ),
  row(
    'tables of a newer version',
    "UPDATE meta SET value = '99' WHERE name = 'format'",
    65,
    'format',
    'has format 99',
    'run the version of moot that wrote it, or a newer one',
  ),
  row(
    'tables of another program',
    "DELETE FROM meta WHERE name = 'program'",
    65,
    'format',
    'belongs to another program',
    'name another schema',
  ),
  row('a table that is missing', 'DROP TABLE commits', 65, 'contents', 'lacks a table or a column', 'newest dump'),
  row(
    'another community',
    "UPDATE meta SET value = 'another' WHERE name = 'own'",
    1,
    'contents',
    'of another community: another',
    '--identity FILE',
  ),
  row(
    'a move that was not finished',
    "INSERT INTO meta (name, value) VALUES ('moving', '1')",
    1,
    'move',
    'was begun, and not finished',
    'moot migrate again',
  ),
];
