/** The addresses of a running demo, for the console and for GET /. */
import { LOOPBACK, type DemoPorts } from './demo-ports.js';

/** Lines of `what: address`. */
export function addressLines(ports: DemoPorts, terminals: number): string[] {
  const row = (first: number) => (terminals === 1 ? String(first) : `${first}-${first + terminals - 1}`);
  return [
    `interface for scripts: http://${LOOPBACK}:${ports.page}/api/ready`,
    `gateway: http://${LOOPBACK}:${ports.gateway}, MQTT ${LOOPBACK}:${ports.mqtt}`,
    `centre's ledger: http://${LOOPBACK}:${ports.centre}/ledger`,
    `terminals: ${LOOPBACK}:${row(ports.terminals)}`,
    `boards (Firmata over TCP): ${LOOPBACK}:${row(ports.boards)}`,
  ];
}

export function welcomePage(ports: DemoPorts, terminals: number): string {
  const items = addressLines(ports, terminals).map((line) => `<li>${line}</li>`);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>pjq demo</title>
<h1>pjq 评价器: the demo hall</h1>
<p>There is no page yet. What runs:</p>
<ul>
${items.join('\n')}
</ul>
<p>POST /api/terminals/1/service {"caseNo":"…"} opens a service, POST /api/terminals/1/press {"level":5} presses a key.</p>
</html>
`;
}
