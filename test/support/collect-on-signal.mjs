/** Preloaded into a process whose memory is measured: SIGUSR2 has it throw its garbage away (`--expose-gc`). */
process.on('SIGUSR2', () => {
  globalThis.gc();
  globalThis.gc();
});
