import { MootError } from '../core/errors.js';
import { readAnswer } from '../wire/check.js';
import { fromWireMember } from '../wire/convert-member.js';
import type { ListMembersResponse } from '../wire/gen/moot/v1/community.js';
import type { MemberInfo } from './types.js';

/** Page after page, each asked when the one before has been read. @throws MootError `damaged` when they do not end. */
export async function* readMembers(
  ask: (pageToken: string) => Promise<ListMembersResponse>,
): AsyncGenerator<MemberInfo> {
  let last = '';
  for (let pageToken = ''; ; ) {
    const { members, nextPageToken } = await ask(pageToken);
    for (const member of readAnswer(() => members.map(fromWireMember))) {
      if (member.id <= last) throw new MootError('damaged', 'the list of members goes round in circles');
      last = member.id;
      yield member;
    }
    if (nextPageToken === '') return;
    if (members.length === 0) throw new MootError('damaged', 'a page of the list of members is empty');
    pageToken = nextPageToken;
  }
}
