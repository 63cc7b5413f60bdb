import { useEffect } from 'preact/hooks';
import { everywhere, firstPlace } from '../../reading/place.js';
import { nameOf } from '../../reading/report-sentence.js';
import { ProblemNotice } from '../parts/notice.js';
import { StreamLine } from '../parts/stream-line.js';
import { communityOf } from '../state/network.js';
import { place } from '../state/router.js';
import { About } from './about.js';
import { CommunityRail } from './community-rail.js';
import { current } from './current-list.js';
import { Feed } from './feed.js';
import { FilterForm } from './filter-form.js';
import { NewPill } from './new-pill.js';
import { ReportLine } from './report-line.js';

/** The articles of one community or of all, with the account of who answered above them. */
export function ReadView() {
  const here = place.value.view === 'read' ? place.value : firstPlace;
  if (here.view !== 'read') return null;
  const server = here.community === everywhere ? undefined : communityOf(here.community);
  const title = here.community === everywhere ? 'All communities' : server ? nameOf(server) : here.community;
  return <Reading community={here.community} title={title} />;
}

function Reading({ community, title }: { readonly community: string; readonly title: string }) {
  const list = current.value?.list;
  useEffect(() => {
    document.title = `${title} · Moot`;
  }, [title]);
  return (
    <div class="reading">
      <CommunityRail chosen={community} />
      <div class="column">
        <h1 tabIndex={-1}>
          <bdi>{title}</bdi>
        </h1>
        <About community={community} />
        <FilterForm />
        {list && (
          <>
            {list.report.value && <ReportLine report={list.report.value} />}
            <StreamLine state={list.stream.value} />
            <NewPill list={list} />
            <Feed list={list} />
            {list.problem.value && <ProblemNotice problem={list.problem.value} retry={() => void list.load()} />}
          </>
        )}
      </div>
    </div>
  );
}
