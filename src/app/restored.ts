import type { LogPlace } from '../core/log.js';
import { restoredSetting, type SettingStore } from '../core/stores.js';
import type { Mirrors } from '../federation/mirrors/mirrors.js';

/** See `Mirrors.settleOwnLog`. A copy that was put back is one from then on like any other. */
export async function settleRestored(
  mirrors: Mirrors,
  heads: readonly LogPlace[],
  settings: SettingStore,
): Promise<void> {
  const isRestored = ((await settings.get(restoredSetting)) ?? '') !== '';
  await mirrors.settleOwnLog(heads, isRestored);
  // Only now: whoever is killed in between begins one epoch more, which does no harm.
  if (isRestored) await settings.set(restoredSetting, '');
}
