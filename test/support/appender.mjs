/**
 * Appends without end and writes a line for each acknowledgement: `node appender.mjs FOLDER`. Its parent kills it, or
 * the disk refuses, which it tells.
 */
import { openDataFolder } from '../../dist/store/data-folder.js';
import { openStore } from '../../dist/store/open-store.js';

const folder = openDataFolder(process.argv[2]);
const onBroken = (error) => process.stdout.write(`broken ${error.code}\n`, () => process.exit(74));
const store = await openStore(`sqlite:${folder.databaseFile}`, { identity: folder.identity, onBroken });
const run = `${process.pid}`;

async function publisher(number) {
  for (let count = 0; ; count += 1) {
    const key = `${run}-${number}-${count}`;
    const draft = { topic: `t${number}`, body: `${key} ${'x'.repeat(count % 300)}` };
    const member = { memberId: `m${number}`, memberName: 'n' };
    const [{ published }] = await store.articles.append([{ draft, member, key }]);
    process.stdout.write(`${published.seq} ${published.id}\n`);
  }
}

process.stdout.write('ready\n');
await Promise.all(Array.from({ length: 8 }, (_, number) => publisher(number))).catch((error) => {
  process.stdout.write(`refused ${error.code}\n`);
});
