import { join } from 'node:path';
import { it } from '@jest/globals';
import { itWhere } from './abilities.js';
import { natsServer } from './nats.js';
import { postgresPrograms } from './own-postgres.js';

/** A bus over NATS needs one that the test can kill. */
export const itWithNats = itWhere('a bus over NATS needs nats-server', natsServer, '--version');

export const itWithPostgres = itWhere(
  'a PostgreSQL of its own needs initdb',
  join(postgresPrograms, 'initdb'),
  '--version',
);

/** Replicas need both. */
export const itWithBoth = itWithNats === it ? itWithPostgres : itWithNats;
