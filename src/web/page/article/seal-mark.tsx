import type { ArticleInfo } from '../../api.js';
import type { SealCheck } from '../../reading/seal-check.js';
import { counted } from '../../reading/times.js';
import { Icon } from '../parts/icon.js';

interface SealMarkProps {
  readonly check: SealCheck | null;
  readonly article: ArticleInfo;
}

const words = { sealed: 'Seal holds', broken: 'Seal broken', unchecked: 'Seal not checked' } as const;

/** Whether the community sealed what is shown, as this browser has found out by itself. */
export function SealMark({ check, article }: SealMarkProps) {
  if (check === null)
    return (
      <p class="seal" role="status">
        Checking the seal…
      </p>
    );
  return (
    <details class={`seal ${check.state}`} open={check.state === 'broken'}>
      <summary>
        <Icon of={check.state === 'sealed' ? 'seal' : 'warning'} />
        <span role="status">{words[check.state]}</span>
      </summary>
      <p>{check.says}</p>
      <dl>
        <dt>Article</dt>
        <dd>
          <code>{article.id}</code>
        </dd>
        <dt>Community</dt>
        <dd>
          <code>{article.origin}</code>
        </dd>
        <dt>Place in its log</dt>
        <dd>
          epoch {article.epoch}, number {article.seq}
          {check.state === 'sealed' && `, sealed together with ${counted(check.of - 1, 'other article')}`}
        </dd>
      </dl>
    </details>
  );
}
