import { CLASSES } from './classes-of-programs.js';
import { shortSet } from './short-set.js';

shortSet(CLASSES);
