/** One plain sentence for each refusal that a citizen may meet: what is the matter, and what they can do. */
import type { ErrorCode } from '../../protocol/index.js';
import type { Language, Phrase } from './language.js';

const AGAIN_LATER: Phrase = {
  zh: '现在记不上您的评价，请过一会儿再试。',
  en: 'Your rating cannot be recorded just now; please try again in a while.',
};

const ALREADY_RATED: Phrase = {
  zh: '这次服务已经评价过了，每次服务评价一次。',
  en: 'This service has been rated already; each service is rated once.',
};

const SENTENCES: Partial<Readonly<Record<ErrorCode, Phrase>>> = {
  'token-malformed': {
    zh: '这个地址不完整，请重新扫描小票上的二维码。',
    en: 'This address is incomplete; please scan the code on your slip again.',
  },
  'token-forged': {
    zh: '这个二维码不是本大厅的评价器打印的，不能评价。',
    en: 'This code was not made by a terminal of this hall, so nothing can be rated with it.',
  },
  'token-key-unknown': {
    zh: '本大厅还不认识这个二维码，请过一会儿再试。',
    en: 'This hall does not know this code yet; please try again in a while.',
  },
  'token-foreign': {
    zh: '这个二维码不是本大厅的，请看一看小票上的大厅名称。',
    en: 'This code is of another hall; please look at the name of the hall on your slip.',
  },
  'token-key-revoked': {
    zh: '这个二维码已停用，请到窗口请工作人员重新打印小票。',
    en: 'This code is no longer valid; please ask at the window for a new slip.',
  },
  'rating-window-over': {
    zh: '这次服务的评价时间已经过了，不能再评价。',
    en: 'The days in which this service could be rated are over.',
  },
  'service-taken-back': {
    zh: '这次服务已被撤回，不需要评价。',
    en: 'This service was taken back; there is nothing to rate.',
  },
  'service-ungranted': {
    zh: '这次服务现在还不能评价，办结以后再请您评价。',
    en: 'This service cannot be rated yet; you may rate it when it is completed.',
  },
  'service-unknown': {
    zh: '没有找到这次服务，请核对后再试。',
    en: 'This service was not found; please check and try again.',
  },
  'window-code-refused': {
    zh: '办件编号和后面填的内容对不上，请核对后再试，或扫描小票上的二维码。',
    en: 'The case number does not go with what you entered; please check both, or scan the code on your slip.',
  },
  'window-code-locked': {
    zh: '试的次数太多了，请过{wait}再试，或扫描小票上的二维码评价。',
    en: 'That was tried too often; please try again in {wait}, or scan the code on your slip.',
  },
  'window-pass-over': {
    zh: '停留的时间太久了，请重新扫描窗口的二维码。',
    en: 'That took too long; please scan the code at the window again.',
  },
  'service-already-rated': ALREADY_RATED,
  'idempotency-key-reused': ALREADY_RATED,
  'change-too-late': {
    zh: '可以更改的时间已经过了，您原来的评价有效。',
    en: 'The time for changing it is over; your rating stands as it was.',
  },
  'reason-unknown': {
    zh: '选的原因和等级对不上，请回到上一页重新选择。',
    en: 'The reasons do not fit the level; please go back and choose again.',
  },
  'text-refused': {
    zh: '您写的话太长，或有不能识别的字符，请回到上一页修改。',
    en: 'Your words are too long or hold characters that cannot be read; please go back and change them.',
  },
  'request-malformed': {
    zh: '请先选择一个等级，再提交。',
    en: 'Please choose a level first, then send.',
  },
  'request-too-large': {
    zh: '您写的话太长，请回到上一页缩短一些。',
    en: 'Your words are too long; please go back and shorten them.',
  },
  'route-unknown': {
    zh: '这里没有内容，请扫描小票上的二维码。',
    en: 'There is nothing here; please scan the code on your slip.',
  },
  'peer-too-fast': {
    zh: '请求太多，请等一分钟再试。',
    en: 'That was too often; please wait a minute and try again.',
  },
  'gateway-busy': {
    zh: '现在评价的人很多，请过几秒再试。',
    en: 'Many people are rating just now; please try again in a few seconds.',
  },
  'store-full': AGAIN_LATER,
  'store-damaged': AGAIN_LATER,
};

/** @param waitMs after how long it may be tried again, where that is known. */
export function refusalSentence(code: ErrorCode, language: Language, waitMs?: number): string {
  return (SENTENCES[code] ?? AGAIN_LATER)[language].replace('{wait}', waitIn(language, waitMs));
}

const MINUTE_MS = 60_000;
/** From so many minutes on it is told in hours. */
const HOURS_FROM = 120;

function waitIn(language: Language, waitMs: number | undefined): string {
  if (waitMs === undefined) return { zh: '一会儿', en: 'a while' }[language];
  const minutes = Math.ceil(waitMs / MINUTE_MS);
  const isLong = minutes >= HOURS_FROM;
  const total = isLong ? Math.ceil(minutes / 60) : minutes;
  const unit = isLong ? { zh: '小时', en: 'hour' } : { zh: '分钟', en: 'minute' };
  return language === 'zh' ? ` ${total} ${unit.zh}` : `${total} ${unit.en}${total === 1 ? '' : 's'}`;
}

/** Whether the code has a sentence of its own; `test/later` holds those that the port names. */
export function hasSentence(code: ErrorCode): boolean {
  return SENTENCES[code] !== undefined;
}
