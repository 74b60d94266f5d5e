/** Every word of the page, Chinese and English; `{name}` is where something is put in. */
import type { TwoLanguages } from '../hall-view.js';

export type Language = 'zh' | 'en';

export const CATALOGUE = {
  'page.title': { zh: 'pjq 评价器 · 模拟大厅', en: 'pjq 评价器 · a simulated service hall' },
  'page.what': {
    zh: '市民在窗口办完事，按一个键评价服务。一按下，先写进终端的硬盘，再亮灯；断网、断电、程序崩溃都不丢；最后在上级评价中心恰好出现一次。',
    en: "Served at a window, a citizen presses one key. The press is on the terminal's disk before its lamp lights, survives any cut, kill or outage, and stands at the central rating system exactly once.",
  },
  'page.real': {
    zh: '三个窗口、网关和中心都是真实运行的程序；只有键、灯、打印机和网线是虚拟的，随你按、拔、关。',
    en: 'The three windows, the gateway and the centre are real programs. Only keys, lamps, printers and cables are virtual: press, unplug and kill what you like.',
  },
  'page.language': { zh: 'English', en: '中文' },
  'page.guide': { zh: '一分钟引导', en: 'Guided minute' },
  'page.lost': {
    zh: '演示没有应答：它已结束，或正在重新启动。',
    en: 'The demo does not answer: it has ended, or is starting.',
  },
  'page.starting': { zh: '大厅正在启动…', en: 'The hall is starting…' },

  'level.5': { zh: '非常满意', en: 'Very satisfied' },
  'level.4': { zh: '满意', en: 'Satisfied' },
  'level.3': { zh: '基本满意', en: 'Basically satisfied' },
  'level.2': { zh: '不满意', en: 'Dissatisfied' },
  'level.1': { zh: '非常不满意', en: 'Very dissatisfied' },

  'counters.heading': { zh: '三个窗口', en: 'The windows' },
  'counter.window': { zh: '{n} 号窗口', en: 'Window {n}' },
  'counter.nobody': { zh: '无人在岗', en: 'nobody on duty' },
  'counter.screen': { zh: '{n} 号窗口的评价屏（真实页面）', en: 'Rating screen of window {n} (the real page)' },
  'counter.screen-wait': { zh: '终端程序正在启动…', en: "The terminal's program is starting…" },
  'counter.keys': { zh: '{n} 号窗口的五个键', en: 'The five keys of window {n}' },
  'counter.open': { zh: '开始一次服务', en: 'Open a service' },
  'counter.open-hint': { zh: '随机事项与办件号', en: 'random matter and case' },
  'counter.staff-page': { zh: '窗口人员页 ↗', en: 'Staff page ↗' },
  'counter.state-offDuty': { zh: '无人在岗', en: 'off duty' },
  'counter.state-idle': { zh: '空闲', en: 'idle' },
  'counter.state-paused': { zh: '暂停服务', en: 'paused' },
  'counter.state-outOfService': { zh: '停用', en: 'out of service' },
  'counter.state-invited': { zh: '请评价', en: 'asking for a rating' },
  'counter.state-pressed': { zh: '已收到', en: 'received' },
  'counter.state-down': { zh: '程序未运行', en: 'not running' },
  'counter.backlog': { zh: '待上传 {n} 条', en: '{n} to send' },

  'lamp.invited': { zh: '请评价', en: 'Please rate' },
  'lamp.accepted': { zh: '已收到', en: 'Received' },
  'lamp.fault': { zh: '故障', en: 'Fault' },
  'lamp.on': { zh: '亮', en: 'lit' },
  'lamp.off': { zh: '灭', en: 'dark' },

  'paper.heading': { zh: '小票', en: 'Paper' },
  'paper.none': {
    zh: '在屏幕上点“稍后用手机评”，这里就出一张带二维码的小票',
    en: 'Touch "Rate later by phone" on the screen: a slip with a QR code comes out here',
  },
  'paper.newest': {
    zh: '{n} 号窗口最新的小票，点开放大后可扫码',
    en: 'Newest slip of window {n}; open it large to scan its code',
  },
  'paper.large': { zh: '小票（二维码可用手机扫描）', en: 'The slip (its QR code can be scanned)' },
  'paper.close': { zh: '关闭', en: 'Close' },
  'paper.out': { zh: '缺纸', en: 'no paper' },
  'paper.near-end': { zh: '纸将尽', en: 'paper low' },

  'fault.heading': { zh: '捣乱', en: 'Make trouble' },
  'fault.network': { zh: '网线', en: 'Network' },
  'fault.board': { zh: '按键板', en: 'Keys' },
  'fault.printer': { zh: '打印机', en: 'Printer' },
  'fault.paper': { zh: '纸卷', en: 'Paper' },
  'fault.of-window': { zh: '{what}（{n} 号窗口）', en: '{what} (window {n})' },
  'fault.kill': { zh: '杀死终端程序', en: 'Kill it' },
  'fault.kill-of': { zh: '杀死终端程序（{n} 号窗口）', en: 'Kill it (terminal of window {n})' },

  'said.opened': { zh: '已经由网关开启：{caseNo}', en: 'Opened through the gateway: {caseNo}' },
  'said.opened-locally': {
    zh: '网关不通，已在窗口本地开启：{caseNo}',
    en: 'No way to the gateway; opened at the window itself: {caseNo}',
  },
  'said.open-failed': { zh: '没有开启：{why}', en: 'Not opened: {why}' },
  'said.accepted': {
    zh: '“已收到”灯亮了：这一按已在终端硬盘上',
    en: 'The lamp "Received" is lit: the press is on the terminal\'s disk',
  },
  'said.refused': { zh: '没有正在进行的服务，这一按不算', en: 'No service is open: this press counts for nothing' },
  'said.unknown': { zh: '没有看到“已收到”灯亮', en: 'The lamp "Received" was not seen' },
  'said.killed': { zh: '已杀死，正在自动重启', en: 'Killed; it is being started again' },
  'said.failed': { zh: '没有成功：{why}', en: 'It did not work: {why}' },

  'way.heading': { zh: '一次评价走过的路', en: 'The way of a rating' },
  'way.terminals': { zh: '窗口终端', en: 'Window terminals' },
  'way.gateway': { zh: '大厅网关', en: 'Hall gateway' },
  'way.centre': { zh: '上级评价中心', en: 'Central system' },
  'way.connected': { zh: '{n} / {of} 台在线', en: '{n} of {of} connected' },
  'way.backlog': { zh: '{n} 条待上传', en: '{n} entries to send' },
  'way.waiting': { zh: '{n} 条待转送', en: '{n} to forward' },
  'way.total': { zh: '共收到 {n} 条评价', en: '{n} ratings received' },
  'way.no-answer': { zh: '没有应答', en: 'does not answer' },
  'way.unknown': { zh: '状态未知', en: 'not known' },
  'way.cut': { zh: '拔网线', en: 'Cut its network' },
  'way.restore': { zh: '接回网线', en: 'Plug it in again' },
  'way.kill': { zh: '杀死程序', en: 'Kill it' },
  'way.cut-of': { zh: '拔网线：{what}', en: 'Cut its network: {what}' },
  'way.restore-of': { zh: '接回网线：{what}', en: 'Plug it in again: {what}' },
  'way.kill-of': { zh: '杀死程序：{what}', en: 'Kill it: {what}' },
  'way.restarts': { zh: '已自动重启 {n} 次', en: 'restarted {n} times' },

  'journeys.heading': { zh: '最近的服务', en: 'Newest services' },
  'journeys.no-level': {
    zh: '只有“已评 / 未评”，没有等级：大厅里谁也看不到。',
    en: 'Rated or not, never how: nobody in the hall can see that.',
  },
  'journeys.none': { zh: '还没有结束的服务', en: 'No service has ended yet' },
  'journeys.window': { zh: '窗口', en: 'Window' },
  'journeys.case': { zh: '办件', en: 'Case' },
  'journeys.terminal': { zh: '终端', en: 'Terminal' },
  'journeys.gateway': { zh: '网关', en: 'Gateway' },
  'journeys.centre': { zh: '中心', en: 'Centre' },
  'journeys.rated': { zh: '已评', en: 'rated' },
  'journeys.not-rated': { zh: '未评', en: 'not rated' },
  'journeys.there': { zh: '已到', en: 'there' },
  'journeys.not-there': { zh: '未到', en: 'not yet' },
  'journeys.nothing': { zh: '不需要', en: 'nothing to send' },

  'truth.heading': { zh: '模拟器的真相', en: "The simulator's truth" },
  'truth.what': {
    zh: '中心账本。真实大厅里没有人能看到这个框。',
    en: "The centre's ledger. In a real hall nobody can look into this box.",
  },
  'truth.none': { zh: '账本还是空的', en: 'The ledger is still empty' },
  'truth.total': { zh: '共 {n} 条，每次评价恰好一条', en: '{n} in all, each rating exactly once' },
  'truth.away': { zh: '中心程序没有应答', en: "The centre's program does not answer" },

  'guide.heading': { zh: '一分钟引导', en: 'Guided minute' },
  'guide.step': { zh: '第 {n} 步，共 {of} 步', en: 'Step {n} of {of}' },
  'guide.skip': { zh: '跳过引导', en: 'Skip' },
  'guide.done': { zh: '看完了', en: 'Done' },
  'guide.again': { zh: '再来一遍', en: 'Once more' },
  'guide.open': {
    zh: '您是窗口人员：在 1 号窗口点“开始一次服务”。',
    en: 'You are the clerk: at window 1, click "Open a service".',
  },
  'guide.press': {
    zh: '现在您是市民：按任意一个实体键，或直接点屏幕。',
    en: 'Now you are the citizen: press any key, or touch the screen.',
  },
  'guide.arrive': {
    zh: '5 秒内还可改选，然后评价经网关送到中心。请看账本。',
    en: 'It may be changed for 5 seconds; then it travels by the gateway to the centre. Watch the ledger.',
  },
  'guide.cut': { zh: '拔掉大厅网关的网线。', en: 'Now cut the network of the hall gateway.' },
  'guide.again-press': {
    zh: '断网照样办：再开始一次服务，再按一个键，等它结束。',
    en: 'Serve on without a network: open another service, press a key, let it end.',
  },
  'guide.restore': {
    zh: '评价在终端硬盘上等着。接回网线，看它自己送到中心。',
    en: "The rating waits on the terminal's disk. Plug the cable in again and see it arrive.",
  },
  'guide.finish': {
    zh: '一条不少，一条不多。接下来随便试：缺纸、拔按键板、杀程序。',
    en: 'None lost, none twice. Now try anything: no paper, unplugged keys, killed programs.',
  },
} as const satisfies Record<string, TwoLanguages>;

export type TextKey = keyof typeof CATALOGUE;
export type Parameters = Readonly<Record<string, string | number>>;
export type Say = (key: TextKey, parameters?: Parameters) => string;

export function sayIn(language: Language): Say {
  return (key, parameters = {}) =>
    CATALOGUE[key][language].replace(/\{(\w+)\}/g, (place, name: string) => String(parameters[name] ?? place));
}
