/** The staff page: opens services, watches the parts. It is never told a level, nor whether a press was made (I6). */
import { render } from 'preact';
import '../shared/theme.css';
import './frame.css';
import './doing.css';
import './telling.css';
import './sign-on.css';
import './self-check.css';
import './narrow.css';
import { loadPackagedFont } from '../shared/packaged-font.js';
import { takeSecret } from '../shared/secret.js';
import { StaffPage } from './staff-page.js';

const page = document.getElementById('page');
if (page !== null) render(<StaffPage firstSecret={takeSecret('staff')} />, page);
requestAnimationFrame(() => setTimeout(loadPackagedFont, 0));
