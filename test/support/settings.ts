import type { SettingStore } from '../../src/core/stores.js';

/** Settings that last as long as the test. */
export function settingsInMemory(): SettingStore {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => {
      values.set(key, value);
    },
  };
}
