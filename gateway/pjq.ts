#!/usr/bin/env node
/** The operator's command line: registry, quarantine, restored stores, proof. It works beside a running gateway. */
import { Command } from 'commander';
import { explain } from '../protocol/runtime/program.js';
import { VERSION } from '../protocol/runtime/version.js';
import { alarmCommands } from './operate/alarm.js';
import { backupCommands } from './operate/backup.js';
import { boardCommands } from './operate/board.js';
import { codesCommands } from './operate/codes.js';
import { daysCommands } from './operate/days.js';
import { flagCommands } from './operate/flags.js';
import { privacyCommands } from './operate/privacy.js';
import { quarantineCommands } from './operate/quarantine.js';
import { reasonListCommands } from './operate/reason-list.js';
import { reasonCommands } from './operate/reasons.js';
import { repairCommand } from './operate/repair.js';
import { smsCommands } from './operate/sms.js';
import { storeCommands } from './operate/store.js';
import { terminalCommands } from './operate/terminal.js';
import { textCommands } from './operate/texts.js';
import { verifyCommands } from './operate/verify.js';
import { windowCodeCommand } from './operate/window-code.js';

const program = new Command('pjq').version(VERSION).description('pjq (评价器): operating a hall');
terminalCommands(program);
boardCommands(program);
quarantineCommands(program);
reasonCommands(program);
reasonListCommands(program);
textCommands(program);
codesCommands(program);
alarmCommands(program);
repairCommand(storeCommands(program));
backupCommands(program);
verifyCommands(program);
daysCommands(program);
smsCommands(program);
privacyCommands(program);
windowCodeCommand(program);
flagCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
