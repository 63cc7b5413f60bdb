import type { ReportInfo } from '../../api.js';
import { fate, isWhole, nameOf, reportSentence } from '../../reading/report-sentence.js';
import { Icon } from '../parts/icon.js';

/** The account of who answered, in a sentence, and one by one for who wants to know. */
export function ReportLine({ report }: { readonly report: ReportInfo }) {
  const whole = isWhole(report);
  return (
    <details class={`report ${whole ? 'whole' : 'partial'}`}>
      <summary>
        <Icon of={whole ? 'check' : 'warning'} />
        <span role="status">{reportSentence(report)}</span>
      </summary>
      <ul>
        {report.servers.map((row) => (
          <li key={row.id}>
            <bdi>{nameOf(row)}</bdi>: {fate(row)}
            {row.reason ? ` (${row.reason})` : ''}
          </li>
        ))}
      </ul>
    </details>
  );
}
