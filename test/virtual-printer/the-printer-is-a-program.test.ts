import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { Program } from '../support/program.js';

const MAIN = 'dist/simulator/printer/main.js';

test('the program tells its ports, and prints what comes to them', async () => {
  const program = new Program('printer', [MAIN, '--port', '0', '--control-port', '0', '--columns', '48']);
  onTestFinished(() => program.kill('SIGTERM'));
  const listening = await program.start();
  const control = `http://127.0.0.1:${String(listening?.['controlPort'])}`;
  const socket = connect(Number(listening?.['port']), '127.0.0.1');
  socket.end(Buffer.from('hello\n\x1dV\0', 'latin1'));
  socket.resume();
  await once(socket, 'close');

  expect(await (await fetch(`${control}/paper.txt`)).text()).toBe('hello\n-- cut --\n');
  const png = Buffer.from(await (await fetch(`${control}/paper.png`)).arrayBuffer());
  expect([png.toString('latin1', 1, 4), png.readUInt32BE(16)]).toEqual(['PNG', 576]);
});

test('arguments that are wrong are all told, with the exit code of a configuration', () => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, '--port', 'x', '--columns', '33'], {
    encoding: 'utf8',
  });
  expect(status).toBe(78);
  expect(stderr).toContain('--port: must be a port');
  expect(stderr).toContain('--columns: must be 32 or 48 (got "33")');
});
