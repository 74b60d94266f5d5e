/** What was done, for those who want to do it again: as data, and as a scenario to download. Both hold levels. */
import type { FastifyInstance } from 'fastify';
import { recordedScenario } from '../scenario/recording.js';
import type { ActionLog } from './action-log.js';
import type { DemoHall } from './demo-hall.js';

export interface ActionRouteParts {
  readonly hall: DemoHall;
  readonly actions: ActionLog;
}

export function addActionRoutes(server: FastifyInstance, { hall, actions }: ActionRouteParts): void {
  server.get('/api/actions', async () => actions.all);
  server.get('/api/actions.yaml', async (_request, reply) => {
    const { all, dropped } = actions;
    const scenario = recordedScenario(all, { terminals: hall.counters.length, name: 'recorded' });
    const note = dropped === 0 ? '' : `# The first ${dropped} steps were not kept: it begins in the middle.\n`;
    return reply
      .type('application/yaml; charset=utf-8')
      .header('content-disposition', 'attachment; filename="recorded.yaml"')
      .send(note + scenario);
  });
  server.post('/api/actions/clear', async () => {
    actions.clear();
    return { ok: true };
  });
}
