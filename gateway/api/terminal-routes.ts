/** Routes for managers: how the terminals are. They name no service and no case. */
import { terminalCareListSchema } from '../core/terminal-care.js';
import type { Route } from './route.js';

const listTerminals: Route = {
  method: 'get',
  path: '/v1/terminals',
  operationId: 'listTerminals',
  summary: 'Every terminal: whether it is there, its parts, and whether it was checked today',
  secured: true,
  forManagers: true,
  answers: { 200: { description: 'One record a terminal, by its name.', schema: terminalCareListSchema } },
  errors: [],
  async handle({ terminals, nowMs }) {
    return { status: 200, body: JSON.stringify({ at: nowMs(), terminals: await terminals() }) };
  },
};

export const TERMINAL_ROUTES: readonly Route[] = [listTerminals];
