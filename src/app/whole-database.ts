import { MootError } from '../core/errors.js';
import { DatabaseLook } from '../store/sqlite/database-look.js';

/** How much is in it; null where its format is an older one, which is read when a server brings it up to date. */
export interface WholeDatabase {
  readonly articles: number | null;
  readonly members: number | null;
}

/**
 * Looks whether the database in `file` is whole, and that of `id`: its pages, its log to the last seal, and the seals and
 * entries themselves, all of a short log and a part of a long one. One of an older format is checked page by page.
 * @param what names it in the refusal. @throws MootError `damaged`, with the first thing that is wrong.
 */
export function requireWhole(file: string, id: string, what: string): WholeDatabase {
  const look = DatabaseLook.openOwn(file);
  try {
    const { format, newestFormat } = look.state();
    const [page] = look.problems();
    if (page !== undefined) throw damaged(what, page);
    if (format < newestFormat) return { articles: null, members: null };
    const { own, articles, members, endsAt, sealedTo } = look.contents();
    if (own !== undefined && own !== id) throw damaged(what, `it is that of another community: ${own}`);
    if (endsAt !== sealedTo) throw damaged(what, `its log ends at entry ${endsAt}, its last seal at ${sealedTo}`);
    const [fault] = look.log().faults;
    if (fault !== undefined) throw damaged(what, fault);
    return { articles, members };
  } finally {
    look.close();
  }
}

function damaged(what: string, fault: string): MootError {
  return new MootError('damaged', `${what} is damaged: ${fault}`, {
    hint: 'moot doctor --data FOLDER says all that is wrong; put an older backup back where there is one',
  });
}
