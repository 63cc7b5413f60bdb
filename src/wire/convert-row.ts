import { invalid, MootError } from '../core/errors.js';
import { requireId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { Outcome, Row, SignedStatement } from '../core/row.js';
import { originOf } from '../identity/hash.js';
import type { KeyRing } from '../identity/key-ring.js';
import { type Identity, isSignedBy } from '../identity/keys.js';
import { idList, shortText, toBuffer, toNumber } from './check.js';
import { RowStatement, Outcome as WireOutcome, type Row as WireRow } from './gen/moot/v1/federation.js';

const outcomes: Readonly<Record<Outcome, WireOutcome>> = {
  ANSWERED: WireOutcome.OUTCOME_ANSWERED,
  STALE: WireOutcome.OUTCOME_STALE,
  UNREACHABLE: WireOutcome.OUTCOME_UNREACHABLE,
  DEADLINE: WireOutcome.OUTCOME_DEADLINE,
  DENIED: WireOutcome.OUTCOME_DENIED,
  OVERLOADED: WireOutcome.OUTCOME_OVERLOADED,
  WITHHELD: WireOutcome.OUTCOME_WITHHELD,
  FAILED: WireOutcome.OUTCOME_FAILED,
};
const outcomeOf = new Map(Object.entries(outcomes).map(([name, wire]) => [wire, name as Outcome]));

const nothing = Buffer.alloc(0);
const mark = Buffer.from('moot/row/v1');
const reasonCharacters = 300;

/**
 * What the server with this key says in this query: that it has answered, or what came of its call to another. Everything that
 * others act upon is in the statement, so that nobody on the way can put words into its mouth.
 */
export function signRow(identity: Identity, queryId: string, row: Row): Row {
  const isFailure = row.outcome !== 'ANSWERED';
  const statement = RowStatement.encode({
    queryId,
    serverId: row.serverId,
    name: row.name,
    articles: row.articles,
    digest: toBuffer(row.digest),
    held: row.held,
    links: [...row.links],
    via: isFailure ? row.via : '',
    outcome: isFailure ? outcomes[row.outcome] : WireOutcome.OUTCOME_UNSPECIFIED,
    reason: isFailure ? row.reason.slice(0, reasonCharacters) : '',
    endEpoch: BigInt(row.end?.epoch ?? 0),
    endSeq: BigInt(row.end?.seq ?? 0),
  }).finish();
  const signature = identity.sign(Buffer.concat([mark, statement]));
  return { ...row, signed: { statement, publicKey: identity.publicKey, signature } };
}

/** @throws TypeError for an ANSWERED row that nobody signed. */
export function toWireRow(row: Row): WireRow {
  const { signed } = row;
  if (row.outcome === 'ANSWERED' && !signed) throw new TypeError(`the row of ${row.serverId} is not signed`);
  return {
    serverId: row.serverId,
    name: row.name,
    outcome: outcomes[row.outcome],
    hop: row.hop,
    via: row.via,
    tookMs: Math.max(0, Math.round(row.tookMs)),
    ageMs: row.ageMs === undefined ? undefined : BigInt(Math.max(0, Math.round(row.ageMs))),
    reason: row.reason.slice(0, reasonCharacters),
    statement: signed ? toBuffer(signed.statement) : nothing,
    publicKey: signed ? toBuffer(signed.publicKey) : nothing,
    signature: signed ? toBuffer(signed.signature) : nothing,
    served: isServed(row.outcome) ? row.articles : 0,
  };
}

/**
 * A row as another server sent it. What an ANSWERED row says comes from its statement alone, which the server it is about
 * signed; what another says, from that which `via` signed. `queryId` undefined is for a reader, who does not know the ids of
 * the rounds, and to whom its own server may say more than it was told.
 * @throws MootError `invalid` when it is malformed, `damaged` when it is not that server's word in this query.
 */
export function checkRow(row: WireRow, queryId: string | undefined): Row {
  requireId(row.serverId, 'serverId');
  if (row.via !== '') requireId(row.via, 'via');
  const outcome = outcomeOf.get(row.outcome);
  if (!outcome) throw invalid('outcome', `outcome ${row.outcome} is not known here`);
  const heard = {
    serverId: row.serverId,
    outcome,
    hop: row.hop,
    via: row.via,
    tookMs: row.tookMs,
    ageMs: row.ageMs === undefined ? undefined : toNumber(row.ageMs, 'age'),
    reason: shortText(row.reason, 'reason', reasonCharacters),
  };
  if (outcome === 'ANSWERED') return { ...heard, ...openAnswer(row, queryId) };
  const name = shortText(row.name, 'name', limits.nameCharacters * 2);
  const rest = { articles: isServed(outcome) ? row.served : 0, digest: nothing, held: 0, links: [] };
  if (row.via === '' || (queryId === undefined && row.statement.length === 0))
    return { ...heard, ...rest, name, signed: undefined };
  const { said, signed } = openStatement(row, row.via, queryId);
  if (said.via !== row.via || said.outcome !== row.outcome)
    throw new MootError('damaged', 'a row says another thing than the server that asked');
  const words = { name: shortText(said.name, 'name', limits.nameCharacters * 2) };
  return { ...heard, ...rest, ...words, reason: shortText(said.reason, 'reason', reasonCharacters), signed };
}

/** @throws MootError `damaged` when who signed it has replaced that key. */
export function requireCurrentKey({ outcome, serverId, via, signed }: Row, ring: KeyRing): void {
  if (!signed || ring.accepts(outcome === 'ANSWERED' ? serverId : via, signed.publicKey)) return;
  throw new MootError('damaged', 'a row was signed with a key that its server has replaced');
}

/** By the copy that is kept where the query began. */
function isServed(outcome: Outcome): boolean {
  return outcome === 'STALE' || outcome === 'WITHHELD';
}

type Said = Pick<Row, 'name' | 'articles' | 'digest' | 'held' | 'end' | 'links' | 'signed'>;

/** The statement of a row, when `signer` has made it about this server in this query. */
function openStatement(
  row: WireRow,
  signer: string,
  queryId: string | undefined,
): { readonly said: RowStatement; readonly signed: SignedStatement } {
  const signed: SignedStatement = { statement: row.statement, publicKey: row.publicKey, signature: row.signature };
  const isItsWord =
    originOf(row.publicKey) === signer &&
    isSignedBy(row.publicKey, Buffer.concat([mark, row.statement]), row.signature);
  if (!isItsWord) throw new MootError('damaged', 'a row was not signed by the server whose word it is');
  const said = readStatement(row.statement);
  if (said.serverId !== row.serverId || (queryId !== undefined && said.queryId !== queryId))
    throw new MootError('damaged', 'a row was signed for another query');
  return { said, signed };
}

function openAnswer(row: WireRow, queryId: string | undefined): Said {
  const { said, signed } = openStatement(row, row.serverId, queryId);
  if (said.outcome !== WireOutcome.OUTCOME_UNSPECIFIED)
    throw new MootError('damaged', 'a row says another thing than the server it is about');
  if (said.digest.length !== 32) throw invalid('digest', 'digest of a row is not 32 bytes');
  return {
    name: shortText(said.name, 'name', limits.nameCharacters * 2),
    articles: said.articles,
    digest: said.digest,
    held: said.held,
    end:
      said.endEpoch === 0n ? undefined : { epoch: toNumber(said.endEpoch, 'end'), seq: toNumber(said.endSeq, 'end') },
    links: idList(said.links, 'links', limits.links),
    signed,
  };
}

function readStatement(bytes: Uint8Array): RowStatement {
  try {
    return RowStatement.decode(bytes);
  } catch (cause) {
    throw new MootError('damaged', 'the statement of a row cannot be read', { cause });
  }
}
