/** The managers' board. Its secret comes in the address behind #, which is sent to nobody. */
import { render } from 'preact';
import './style.css';
import { Board } from './board.js';

const page = document.getElementById('page');
if (page !== null) render(<Board secret={location.hash.slice(1)} />, page);
