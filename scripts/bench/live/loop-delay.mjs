import { monitorEventLoopDelay } from 'node:perf_hooks';

// Loaded into a server that is measured: tells how its event loop and its memory are, since it was last asked.
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
process.on('message', () => {
  const loopP99Ms = Math.max(0, delay.percentile(99) / 1e6 - 10);
  delay.reset();
  process.send({ kind: 'vitals', loopP99Ms, rssMiB: process.memoryUsage.rss() / 2 ** 20 });
});
// Whoever measures it is gone.
process.on('disconnect', () => process.exit(1));
process.channel?.unref();
