/** The demo's page. */
import { render } from 'preact';
import { App } from './app.js';
import './style.css';
import './counter.css';
import './paper.css';
import './trouble.css';
import './bench.css';
import './hall.css';

const root = document.getElementById('page');
if (root) render(<App />, root);
// Loaded after the first paint, since the list of the packaged font's slices is long.
requestAnimationFrame(() => void import('./fonts.css'));
