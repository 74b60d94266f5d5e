/**
 * Brings a fresh checkout to where its programs can run: packages installed, sources compiled.
 * Needs nothing but Node; quick when nothing is missing.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { installLine, installPackages, missingPackages } from './system-packages.mjs';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const LEAST_NODE = [20, 19];
/** better-sqlite3 is compiled where its ready-made file cannot be fetched. */
const BUILD_TOOLS = { python3: 'python3', make: 'make', 'g++': 'g++' };
const TELL_MS = 5_000;

/** Ends the program with what went wrong and what to do about it. @param {string} message @returns {never} */
export function giveUp(message) {
  console.error(message);
  process.exit(1);
}

export async function bootstrap() {
  checkNode();
  if (!(await isInstalled())) await install();
  await build();
  await buildPages();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  giveUp(`Node ${LEAST_NODE.join('.')} or newer is needed; this is ${process.versions.node} (${process.execPath}).`);
}

/** Whether node_modules holds what the lock file asks for, in a form that this Node can load. */
async function isInstalled() {
  // npm writes this file last, so that an installation that was broken off has none.
  const installedFile = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const differs = Object.entries(wanted).some(([path, { version, optional, devOptional }]) => {
    if (path === '') return false;
    const there = installed[path];
    // Packages for other systems are in the lock file and never installed here.
    return there === undefined ? !(optional || devOptional) : there.version !== version;
  });
  return !differs && Object.keys(installed).every((path) => path in wanted) && nativeModulesLoad();
}

/** A native module that was built for another Node fails here, not in the middle of a hall. */
function nativeModulesLoad() {
  try {
    const Database = createRequire(import.meta.url)('better-sqlite3');
    new Database(':memory:').close();
    return true;
  } catch {
    return false;
  }
}

async function install() {
  const tools = missingPackages(BUILD_TOOLS);
  const toolsMissing = tools.length > 0 && !installPackages(tools);
  console.log('installing packages with npm ci; the first time this takes a minute or two');
  const npm = process.env.npm_execpath;
  // Another package manager may have started this; the lock file is npm's.
  const [command, args] = npm !== undefined && basename(npm) === 'npm-cli.js' ? [process.execPath, [npm]] : ['npm', []];
  const code = await run(command, [...args, 'ci', '--no-audit', '--no-fund'], 'installing');
  if (code === 0 && nativeModulesLoad()) return;
  if (toolsMissing)
    giveUp(
      `The packages could not be built without ${tools.join(', ')}. Install them, then start again:\n  ${installLine(tools)}`,
    );
  giveUp('The packages could not be installed; npm tells above why. Mend that, then start again.');
}

async function build() {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  console.log('compiling what has changed');
  const code = await run(process.execPath, [tsc, '-b'], 'compiling');
  if (code !== 0) giveUp('The sources could not be compiled; the compiler tells above why.');
}

/** The pages: where their sources are, and the last file that is written of them. */
const PAGES = [
  { sources: 'device/kiosk', config: 'device/kiosk/vite.config.ts', output: 'dist/device/pages/kiosk/index.html.gz' },
  {
    sources: 'gateway/console/board',
    config: 'gateway/console/board/vite.config.ts',
    output: 'dist/gateway/pages/board/index.html.gz',
  },
  {
    sources: 'simulator/demo/page',
    config: 'simulator/demo/page/vite.config.ts',
    output: 'dist/simulator/pages/demo/index.html.gz',
  },
];
/** What pages take from outside their folder. */
const PAGE_INPUTS = ['protocol/reasons.ts', 'package-lock.json'];

async function buildPages() {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  for (const { sources, config, output } of PAGES) {
    const newest = Math.max(...[sources, ...PAGE_INPUTS].map((path) => newestMs(join(ROOT, path))));
    if (newestMs(join(ROOT, output)) > newest) continue;
    console.log(`building ${sources}`);
    const code = await run(process.execPath, [vite, 'build', '--logLevel', 'warn', '--config', config], 'building');
    if (code !== 0) giveUp(`${sources} could not be built; the builder tells above why.`);
    // The folder above the page's own: one build may make several pages.
    compress(dirname(dirname(join(ROOT, output))));
  }
}

/** Writes a `.gz` beside every text of a page, so that the small machine that serves it need not. @param {string} folder */
function compress(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (/\.(?:js|css|svg|html)$/.test(name)) writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
  }
}

/** When the newest file of a folder, or a file, was written; 0 when there is none. @param {string} path @returns {number} */
function newestMs(path) {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/**
 * Runs a command to its end, with a line every few seconds so that nobody thinks it hangs.
 * @param {string} command @param {string[]} args @param {string} doing @returns {Promise<number>} its exit code
 */
function run(command, args, doing) {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
    const teller = setInterval(
      () => console.log(`still ${doing} (${Math.round((Date.now() - started) / 1000)} s)`),
      TELL_MS,
    );
    // Whoever ends this ends the installation, too: npm begins anew the next time.
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      child.kill(signal);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM']);
    for (const signal of signals) process.once(signal, stop);
    const end = (/** @type {number} */ code) => {
      clearInterval(teller);
      for (const signal of signals) process.off(signal, stop);
      resolve(code);
    };
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      end(1);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bootstrap();
