/** The words of the board, Chinese first. */
export type Language = 'zh' | 'en';

const WORDS = {
  title: { zh: '评价器一览', en: 'Rating terminals' },
  other: { zh: 'English', en: '中文' },
  summary: {
    zh: '共 {total} 台 · 需到场 {go} · 需留意 {look} · 正常 {fine}',
    en: '{total} terminals · {go} need a visit · {look} need a look · {fine} fine',
  },
  at: { zh: '更新于 {time}', en: 'as of {time}' },
  window: { zh: '窗口', en: 'Window' },
  state: { zh: '状态', en: 'State' },
  duty: { zh: '在岗', en: 'On duty' },
  selfCheck: { zh: '今日自检', en: "Today's self-check" },
  parts: { zh: '部件', en: 'Parts' },
  nobody: { zh: '无人', en: 'nobody' },
  connected: { zh: '在线', en: 'connected' },
  lost: { zh: '离线', en: 'not connected' },
  degraded: { zh: '异常', en: 'not well' },
  since: { zh: '自 {time} 起', en: 'since {time}' },
  partsFine: { zh: '全部正常', en: 'all well' },
  partsBefore: { zh: '离线前全部正常', en: 'all well when last heard' },
  partsUnknown: { zh: '未知', en: 'not known' },
  go: { zh: '需到场', en: 'needs a visit' },
  look: { zh: '需留意', en: 'needs a look' },
  fine: { zh: '正常', en: 'fine' },
  pass: { zh: '通过', en: 'passed' },
  limited: { zh: '部分可用', en: 'limited' },
  fail: { zh: '未通过', en: 'failed' },
  skipped: { zh: '已跳过', en: 'skipped' },
  missing: { zh: '今天还没有自检', en: 'not checked today' },
  reason: { zh: '原因：{reason}', en: 'reason: {reason}' },
  ratingGoesOn: {
    zh: '自检与部件故障都不影响评价，评价照常保存。',
    en: 'None of this stops a rating; ratings are kept.',
  },
  noSecret: {
    zh: '请用带密钥的网址打开本页（pjq board 命令会显示）。',
    en: 'Open this page with its secret in the address (the command pjq board prints it).',
  },
  refused: { zh: '密钥不对，请用新的网址打开。', en: 'The secret is wrong; open the page with the right address.' },
  away: {
    zh: '暂时连不上网关，下面是之前的情况。',
    en: 'The gateway does not answer; below is what was known before.',
  },
  loading: { zh: '正在读取…', en: 'Reading…' },
  none: { zh: '还没有登记评价器。', en: 'No terminal is registered yet.' },
} as const;
export type WordKey = keyof typeof WORDS;

const PARTS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  board: { zh: '按键板', en: 'key board' },
  keys: { zh: '按键', en: 'keys' },
  keypad: { zh: '小键盘', en: 'keypad' },
  lamps: { zh: '指示灯', en: 'lamps' },
  log: { zh: '本机记录', en: 'log' },
  clock: { zh: '时钟', en: 'clock' },
  printer: { zh: '打印机', en: 'printer' },
  screen: { zh: '屏幕', en: 'screen' },
  sound: { zh: '声音', en: 'sound' },
};

export function wordsOf(language: Language) {
  return (key: WordKey, values: Readonly<Record<string, string | number>> = {}): string =>
    WORDS[key][language].replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** A part of which this page has not heard is called as the terminal calls it. */
export function partName(part: string, language: Language): string {
  return PARTS[part]?.[language] ?? part;
}

/** `11-21 09:30`, or `09:30` where it was today. */
export function timeText(atMs: number, nowMs: number): string {
  const text = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
  const [date = '', time = ''] = text.format(atMs).split(' ');
  return text.format(nowMs).startsWith(date) ? time : `${date.slice(5)} ${time}`;
}
