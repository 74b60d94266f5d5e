/** Programs of the operating system that npm cannot bring: found, installed where that is allowed, or named. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const POLICY = '/usr/sbin/policy-rc.d';

/** @param {string} program */
function isInstalled(program) {
  // Debian keeps servers in sbin, which is not on everybody's path.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

/** The packages of those programs that are missing. @param {Record<string, string>} packageOf package by program */
export function missingPackages(packageOf) {
  return [
    ...new Set(
      Object.entries(packageOf)
        .filter(([program]) => !isInstalled(program))
        .map(([, name]) => name),
    ),
  ];
}

/** The line that installs packages on a Debian-like system. @param {readonly string[]} packages */
export function installLine(packages) {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/**
 * Installs packages if this is root on a Debian-like system; no service is started.
 * @param {readonly string[]} packages
 * @returns {boolean} whether they are installed now.
 */
export function installPackages(packages) {
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) return false;
  console.log(`installing ${packages.join(', ')} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (/** @type {string[]} */ ...args) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
  // Debian starts a service as soon as it is installed, unless this file says no; tests start their own.
  const saysNo = !existsSync(POLICY);
  if (saysNo) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    // An update that fails in part may still leave lists that serve.
    apt('update');
    return apt('install', '-y', '--no-install-recommends', ...packages);
  } finally {
    if (saysNo) rmSync(POLICY, { force: true });
  }
}
