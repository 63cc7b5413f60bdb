import type { ToWriter } from './messages.js';
import { type SystemName, system } from './systems.js';

/** The one publisher: `writer.ts SYSTEM ADDRESS TOKEN`. As fast as it can, but never past what it is told. */
process.on('disconnect', () => process.exit(0));
const [name = 'moot', address = '', token = ''] = process.argv.slice(2);
const publish = await system(name as SystemName, address, token).publisher();
const batch = 200;

let upTo = 0;
let wake = (): void => undefined;
process.on('message', (message: ToWriter) => {
  upTo = message.upTo;
  wake();
});

for (let sent = 0; ; ) {
  const count = Math.min(batch, upTo - sent);
  if (count <= 0)
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  else {
    await publish(count);
    sent += count;
  }
}
