import { MootError } from '../core/errors.js';
import { readAnswer } from '../wire/check.js';
import { fromWirePublished } from '../wire/convert-draft.js';
import { isErrorCode } from '../wire/error-table.js';
import type { PublishResult as WireResult } from '../wire/gen/moot/v1/community.js';
import type { PublishResult } from './types.js';

/** @throws MootError `damaged` when it says neither what was published nor why not. */
export function toPublishResult(key: string, { result }: WireResult): PublishResult {
  switch (result?.$case) {
    case 'published': {
      const { value } = result;
      return { key, published: readAnswer(() => fromWirePublished(value)) };
    }
    case 'refused': {
      const { code, message, field, retryAfterMs } = result.value;
      const details = {
        ...(field === '' ? {} : { field }),
        ...(retryAfterMs === 0 ? {} : { retryAfterMs }),
      };
      return { key, refused: new MootError(isErrorCode(code) ? code : 'internal', message, details) };
    }
    case undefined:
      throw new MootError('damaged', 'the server gives a result that cannot be read');
  }
}
