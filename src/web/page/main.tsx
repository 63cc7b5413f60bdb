import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/forms.css';
import './styles/read.css';
import { App } from './app.js';
import { startLists } from './read/current-list.js';
import { startMemberships } from './state/memberships.js';
import { startNetwork } from './state/network.js';
import { startRouter } from './state/router.js';

startRouter();
startMemberships();
startNetwork();
startLists();
const root = document.getElementById('moot');
if (root) render(<App />, root);
