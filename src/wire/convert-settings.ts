import { defaultLimits, type ServerLimits } from '../core/server-limits.js';
import type { ServerSettings } from '../core/server-settings.js';
import { required, toNumber } from './check.js';
import type { GetSettingsResponse, Limits } from './gen/moot/v1/moderation.js';

const names = Object.keys(defaultLimits) as readonly (keyof ServerLimits)[];

export function toWireSettings(settings: ServerSettings): GetSettingsResponse {
  const { limits, dataFolder, identityFile, databaseFile = '' } = settings;
  const most = names.filter((name) => Number.isFinite(limits[name])).map((name) => [name, BigInt(limits[name])]);
  return { limits: Object.fromEntries(most) as Limits, dataFolder, identityFile, databaseFile };
}

/** @throws MootError `invalid` naming the field. */
export function fromWireSettings(message: GetSettingsResponse): ServerSettings {
  const { limits, dataFolder, identityFile, databaseFile } = message;
  const wire = required(limits, 'limits');
  const most = names.map((name) => {
    const value = wire[name];
    return [name, value === undefined ? Number.POSITIVE_INFINITY : toNumber(value, name)];
  });
  return {
    limits: Object.fromEntries(most) as ServerLimits,
    dataFolder,
    identityFile,
    databaseFile: databaseFile === '' ? undefined : databaseFile,
  };
}
