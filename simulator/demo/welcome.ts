/** The addresses of a running demo, for the console and for GET / without a page. */
import { LOOPBACK, type DemoPorts } from './demo-ports.js';

/** How the page is built by hand. */
export const BUILD_LINE = 'npx vite build --config simulator/demo/page/vite.config.ts';

/** Lines of `what: address`. */
export function addressLines(ports: DemoPorts, terminals: number): string[] {
  const row = (first: number) => (terminals === 1 ? String(first) : `${first}-${first + terminals - 1}`);
  return [
    `interface for scripts: http://${LOOPBACK}:${ports.page}/api/ready`,
    `gateway: http://${LOOPBACK}:${ports.gateway}, MQTT ${LOOPBACK}:${ports.mqtt}`,
    `phone page: http://${LOOPBACK}:${ports.phone}/r/ and a slip's code`,
    `centre's ledger: http://${LOOPBACK}:${ports.centre}/ledger`,
    `terminals: ${LOOPBACK}:${row(ports.terminals)}`,
    `boards (Firmata over TCP): ${LOOPBACK}:${row(ports.boards)}`,
    `printers (ESC/POS over TCP): ${LOOPBACK}:${row(ports.printers)}, their paper ${row(ports.printerControls)}`,
  ];
}

/** @param why why there is no page. */
export function welcomePage(ports: DemoPorts, terminals: number, why: string): string {
  const items = addressLines(ports, terminals).map((line) => `<li>${line}</li>`);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>pjq demo</title>
<h1>pjq 评价器: the demo hall</h1>
<p>${why} What runs:</p>
<ul>
${items.join('\n')}
</ul>
<p>POST /api/terminals/1/service {"caseNo":"…"} opens a service, POST /api/terminals/1/press {"level":5} presses a key.</p>
</html>
`;
}
