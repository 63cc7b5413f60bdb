// A replica of a community in a process of its own: appends as fast as it is answered, and prints each acknowledgement.
import { readFileSync } from 'node:fs';
import { parseIdentity } from '../../dist/identity/keys.js';
import { openStore } from '../../dist/store/open-store.js';

const [url, identityFile, name] = process.argv.slice(2);
const store = await openStore(url, { identity: parseIdentity(readFileSync(identityFile, 'utf8')) });
process.stdout.write('ready\n');
const member = { memberId: name, memberName: name };
for (let count = 0; ; count += 1) {
  const drafts = Array.from({ length: 20 }, (_, at) => ({ topic: 'a', body: `${name} ${count} ${at}` }));
  const results = await store.articles.append(drafts.map((draft) => ({ draft, member, key: '' })));
  for (const { published } of results) process.stdout.write(`${published.seq}\n`);
}
