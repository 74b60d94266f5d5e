import { expect, it } from 'vitest';
import { CLASSES as OTHERS } from './classes-of-programs.js';
import { PLAN } from './plan.js';
import { shortSet } from './short-set.js';

const CLASSES = PLAN.map(({ fault }) => fault.name).filter((name) => !OTHERS.includes(name));

it('are the rest of all classes', () => expect(CLASSES).toHaveLength(15));

shortSet(CLASSES);
