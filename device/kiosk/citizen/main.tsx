/** The citizen's page: takes the secret, follows the terminal, draws. */
import { render } from 'preact';
import '../shared/theme.css';
import './layout.css';
import './targets.css';
import './idle.css';
import './rating.css';
import './message.css';
import './self-check.css';
import { languageOf } from '../shared/language.js';
import { loadPackagedFont } from '../shared/packaged-font.js';
import { onNewSecret, takeSecret } from '../shared/secret.js';
import { Page } from './page.js';
import { TerminalSession } from './terminal-session.js';

const place = document.getElementById('screen');
if (place !== null) {
  const session = new TerminalSession(languageOf(location.search));
  const draw = () => render(<Page session={session} model={session.model} />, place);
  session.start(takeSecret('kiosk'), draw);
  onNewSecret('kiosk', (secret) => session.start(secret, draw));
  draw();
  requestAnimationFrame(() => setTimeout(loadPackagedFont, 0));
  addEventListener('contextmenu', (event) => event.preventDefault());
}
