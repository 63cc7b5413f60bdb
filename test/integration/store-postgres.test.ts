import { describe } from '@jest/globals';
import { describeHeld } from '../support/held-contract.js';
import { describeHiding } from '../support/hiding-contract.js';
import { describeLeases } from '../support/lease-contract.js';
import { describeLogs } from '../support/log-contract.js';
import { describeModeration } from '../support/moderation-contract.js';
import { hasPostgres, postgresSchemas } from '../support/postgres.js';
import { describeQuotas } from '../support/quota-contract.js';
import { describeRetractions } from '../support/retraction-contract.js';
import { describeStore } from '../support/store-contract.js';

const newSchema = postgresSchemas();

(hasPostgres ? describe : describe.skip)('the contracts of stores', () => {
  describeStore('postgres:', newSchema);
  describeLogs('postgres:', newSchema, 8);
  describeRetractions('postgres:', newSchema);
  describeHiding('postgres:', newSchema);
  describeHeld('postgres:', newSchema);
  describeModeration('postgres:', newSchema);
  describeQuotas('postgres:', newSchema, 4);
  describeLeases('postgres:', newSchema);
});
