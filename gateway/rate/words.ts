/** The words of the phone page. What is refused has its sentences in `refusal-words.ts`. */
import type { Level } from '../../protocol/index.js';
import type { Language, Phrase } from './language.js';

export const WORDS = {
  title: { zh: '评价政务服务', en: 'Rate this public service' },
  service: { zh: '您评价的服务', en: 'The service that you rate' },
  matter: { zh: '事项', en: 'Matter' },
  matterUnknown: { zh: '本次服务', en: 'This service' },
  window: { zh: '窗口', en: 'Window' },
  windowNumber: { zh: '{window} 号窗口', en: 'Window {window}' },
  day: { zh: '日期', en: 'Date' },
  dayIs: { zh: '{year}年{month}月{day}日', en: '{year}-{month}-{day}' },

  question: { zh: '您对这次服务满意吗？', en: 'How satisfied are you with this service?' },
  levelAloud: { zh: '，{level} 星', en: ', {level} of 5 stars' },
  reasons: { zh: '为什么？（可不选）', en: 'Why? (optional)' },
  single: { zh: '分项评价（可不填）', en: 'Rate single points (optional)' },
  text: { zh: '想说的话（可不填）', en: 'Anything to add? (optional)' },
  textHint: {
    zh: '请不要写姓名、身份证号、电话号码。最多 {most} 字。',
    en: 'Please write no names, identity numbers or phone numbers. At most {most} characters.',
  },
  send: { zh: '提交评价', en: 'Send' },
  sending: { zh: '正在提交…', en: 'Sending…' },
  notSent: {
    zh: '没有发出去，您填的内容还在。请检查网络后再点一次“提交评价”。',
    en: 'It was not sent; what you chose is still here. Check your connection and press Send again.',
  },
  keptPrivate: {
    zh: '窗口工作人员看不到您选的等级。',
    en: 'The staff at the window cannot see which level you choose.',
  },

  received: { zh: '已收到您的评价', en: 'We have received your rating' },
  thanks: { zh: '谢谢您，您的意见帮助我们改进服务。', en: 'Thank you. It helps us to serve better.' },
  changeWithin: { zh: '{seconds} 秒内可以更改。', en: 'You may change it within {seconds} seconds.' },
  change: { zh: '更改评价', en: 'Change it' },
  changing: { zh: '请重新评价，原来的评价将被替换。', en: 'Rate again; this takes the place of what you sent before.' },

  rated: { zh: '这次服务已评价', en: 'This service has been rated' },
  ratedMore: { zh: '谢谢您。每次服务评价一次。', en: 'Thank you. Each service is rated once.' },
  progress: { zh: '您的意见处理到哪一步', en: 'What becomes of your rating' },
  progressReceived: { zh: '已收到', en: 'Received' },
  progressLookedInto: { zh: '正在核实处理', en: 'Being looked into' },
  progressAnswered: { zh: '已答复', en: 'Answered' },
  progressNow: { zh: '（现在）', en: ' (now)' },

  caseNo: { zh: '办件编号', en: 'Case number' },
  caseNoHint: { zh: '在受理回执或短信里可以找到。', en: 'It stands on your receipt or in the message.' },
  lastFour: { zh: '手机号后四位', en: 'Last four digits of your phone' },
  lastFourHint: { zh: '办理时登记的手机号。', en: 'The number that you gave at the window.' },
  smsCode: { zh: '短信验证码', en: 'Code from the message' },
  smsCodeHint: { zh: '发到办理时登记的手机号。', en: 'It goes to the number that you gave at the window.' },
  sendCode: { zh: '发送验证码', en: 'Send a code' },
  codeAsked: {
    zh: '如果这个办件登记了手机号，验证码已经发出。',
    en: 'If this case has a phone number, a code is on its way.',
  },
  goOn: { zh: '下一步', en: 'Go on' },

  refused: { zh: '不能评价', en: 'This cannot be rated' },
  nothingHere: { zh: '这里没有内容', en: 'There is nothing here' },
} as const satisfies Readonly<Record<string, Phrase>>;

export type Word = keyof typeof WORDS;
export type Say = (word: Word, values?: Readonly<Record<string, string | number>>) => string;

export function sayIn(language: Language): Say {
  return (word, values) => {
    const phrase = WORDS[word][language];
    if (values === undefined) return phrase;
    return phrase.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
  };
}

/** Like the keys and the screen at the window. */
export const LEVEL_WORDS: Readonly<Record<Level, Phrase>> = {
  5: { zh: '非常满意', en: 'Very satisfied' },
  4: { zh: '满意', en: 'Satisfied' },
  3: { zh: '基本满意', en: 'Basically satisfied' },
  2: { zh: '不满意', en: 'Dissatisfied' },
  1: { zh: '非常不满意', en: 'Very dissatisfied' },
};

/** In the order of the keys, the best first. */
export const LEVELS_SHOWN: readonly Level[] = [5, 4, 3, 2, 1];
