/** The phone page as the gateway puts it together, on a real hall, by its own listener. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { gatewayConfigurationSchema } from '../../gateway/configuration.js';
import { openRate } from '../../gateway/rate/open-rate.js';
import { POLICY } from '../api/hall-edge.js';
import { WindowHall } from './window-hall.js';

export interface ServedPage {
  readonly hall: WindowHall;
  readonly port: number;
  readonly logLines: string[];
  stop(): Promise<void>;
}

/** @param rate as its configuration has it; the port is a free one. */
export async function servePage(rate: Record<string, unknown> = {}): Promise<ServedPage> {
  const hall = await WindowHall.open();
  const { edge } = hall;
  // The page goes by the clock of the system.
  edge.nowMs = Date.now();
  const logLines: string[] = [];
  const logger = pino({ messageKey: 'event' }, { write: (line: string) => void logLines.push(line) });
  const config = gatewayConfigurationSchema.parse({
    hall: 'hall-1',
    gateway: 'gw',
    dataDir: edge.folder,
    policyFile: 'gateway/policies/default.yaml',
    http: { port: 0, secretFile: 'none' },
    mqtt: { embedded: { port: 0 } },
    centre: { url: 'http://127.0.0.1:1', secretFile: 'none' },
    rate: { port: 0, publicUrl: 'https://pj.example.gov.cn', ...rate },
  });
  const page = openRate(config, {
    store: edge.store,
    policy: POLICY,
    policyId: 'default@1',
    evaluators: edge.evaluators,
    logger,
    admit: () => undefined,
    onRated: () => undefined,
  });
  if (page === undefined) throw new Error('no page');
  const { port } = await page.start();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= page.stop());
  onTestFinished(stop);
  return { hall, port, logLines, stop };
}
