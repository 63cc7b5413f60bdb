import { useEffect } from 'preact/hooks';
import { Announcer } from './parts/announcer.js';
import { Header } from './parts/header.js';
import { Later } from './parts/later.js';
import { ReadView } from './read/read-view.js';
import { arrivals, place } from './state/router.js';

const article = () => import('./article/article-view.js').then(({ ArticlePlace }) => ArticlePlace);
const map = () => import('./map/map-view.js').then(({ MapView }) => MapView);
const communities = () => import('./take-part/communities-view.js').then(({ CommunitiesView }) => CommunitiesView);
const write = () => import('./take-part/write-view.js').then(({ WriteView }) => WriteView);
const operate = () => import('./operate/operate-view.js').then(({ OperateView }) => OperateView);

/** The page: its head, and the view that the address names. Views but the list are loaded when they are opened. */
export function App() {
  useEffect(() => {
    if (arrivals.value > 0) focusHeading();
  }, [arrivals.value]);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <View />
      </main>
      <Announcer />
    </>
  );
}

function View() {
  switch (place.value.view) {
    case 'read':
      return <ReadView />;
    case 'article':
      return <Later of={article} key="article" />;
    case 'map':
      return <Later of={map} key="map" />;
    case 'communities':
      return <Later of={communities} key="communities" />;
    case 'write':
      return <Later of={write} key="write" />;
    case 'operate':
      return <Later of={operate} key="operate" />;
  }
}

/** Who goes somewhere hears where that is: the focus is on its heading, or on what it is in until there is one. */
function focusHeading(): void {
  const main = document.getElementById('main');
  const heading = main?.querySelector<HTMLElement>('h1');
  (heading ?? main)?.focus({ preventScroll: true });
}
