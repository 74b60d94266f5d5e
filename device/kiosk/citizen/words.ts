/** Every word of the citizen's screen. What comes from the terminal (names, matters, reasons) is not here. */
import { textOf, type Catalogue, type Text } from '../shared/catalogue.js';
import type { Language } from '../shared/language.js';

export const WORDS = {
  hall: { zh: '政务服务大厅', en: 'Government Service Hall' },
  window: { zh: '{window} 号窗口', en: 'Window {window}' },
  otherLanguage: { zh: 'English', en: '中文' },

  serving: { zh: '正在为您服务', en: 'At your service' },
  photoOf: { zh: '{name}的照片', en: 'Photo of {name}' },
  post: { zh: '岗位', en: 'Post' },
  jobTitle: { zh: '职务', en: 'Title' },
  staffNo: { zh: '工号', en: 'Staff no.' },
  staffOf: { zh: '工号 {staffNo}', en: 'Staff no. {staffNo}' },
  wait: { zh: '请等待工作人员邀请评价', en: 'The staff will invite you to rate' },
  missed: { zh: '刚才没来得及评价？', en: 'No time to rate just now?' },
  stillByPhone: { zh: '您仍可用手机扫码评价', en: 'You can still rate with your phone' },
  code: { zh: '评价二维码', en: 'QR code for rating' },

  invitation: { zh: '请您评价本次服务', en: 'How was our service?' },
  thisService: { zh: '本次服务', en: 'This service' },
  intake: { zh: '受理', en: 'Intake' },
  completion: { zh: '办结', en: 'Completed' },
  caseNo: { zh: '办件编号', en: 'Case' },
  levels: { zh: '五个等级', en: 'Five levels' },
  level5: { zh: '非常满意', en: 'Very satisfied' },
  level4: { zh: '满意', en: 'Satisfied' },
  level3: { zh: '基本满意', en: 'Basically satisfied' },
  level2: { zh: '不满意', en: 'Dissatisfied' },
  level1: { zh: '非常不满意', en: 'Very dissatisfied' },
  levelAloud: { zh: '{words}，{level} 星，按键 {level}', en: '{words}, {level} stars, key {level}' },
  later: { zh: '稍后用手机评', en: 'Rate later by phone' },
  laterSlip: { zh: '点这里取小票，或直接扫码', en: 'Tap for a slip, or scan' },
  laterScan: { zh: '用手机扫这个二维码', en: 'Scan with your phone' },

  received: { zh: '已收到', en: 'Received' },
  yourChoice: { zh: '您选择了', en: 'You chose' },
  keptPrivate: { zh: '您的选择已保密', en: 'Your choice is kept private' },
  changeWithin: { zh: '{seconds} 秒内可以更改', en: 'You may change it for {seconds} s' },
  openReasons: { zh: '选择原因（可选）', en: 'Give reasons (optional)' },
  openThings: { zh: '分项评价', en: 'More points' },
  thingHow: { zh: '请按一个等级，也可以跳过', en: 'Press a level, or skip it' },
  nextThing: { zh: '下一项', en: 'Next' },
  done: { zh: '完成', en: 'Done' },
  reasons: { zh: '请选择原因', en: 'Choose reasons' },
  reasonsHow: { zh: '可以多选，也可以不选', en: 'Any number, or none' },

  thanks: { zh: '感谢您的评价', en: 'Thank you for rating' },
  thanksMore: { zh: '您的意见帮助我们把服务做得更好', en: 'Your opinion helps us to serve better' },
  over: { zh: '本次评价已结束', en: 'This rating has ended' },
  overMore: { zh: '期待您下次的评价', en: 'We look forward to your next rating' },
  bySlip: { zh: '凭小票扫码评价', en: 'Scan the slip to rate' },
  slipPrinting: { zh: '正在打印小票，请稍候', en: 'Printing the slip, one moment' },
  slipPrinted: { zh: '小票已打印，请取走', en: 'Your slip is ready, please take it' },
  byScreen: { zh: '请扫屏幕上的二维码', en: 'Please scan the code on the screen' },

  offDuty: { zh: '本窗口暂无人值守', en: 'Nobody is at this window now' },
  offDutyMore: { zh: '请按大厅指引到其他窗口办理', en: 'Please go to another window' },
  paused: { zh: '本窗口暂停服务', en: 'This window is paused' },
  pausedMore: { zh: '请稍候，或到其他窗口办理', en: 'Please wait, or go to another window' },
  outOfService: { zh: '评价器暂时停用', en: 'The rating terminal is out of service' },
  outOfServiceMore: {
    zh: '不影响您办理业务，需要评价请告诉工作人员',
    en: 'Your business goes on; to rate, please tell the staff',
  },

  checking: { zh: '设备自检中', en: 'Self-check in progress' },
  checkingMore: { zh: '请稍候，马上就好', en: 'One moment, please' },
  checkKey: { zh: '请按 {level} 号键', en: 'Press key {level}' },
  checkTouch: { zh: '请点圆点', en: 'Touch the dot' },
  checkRed: { zh: '整屏红色', en: 'The whole screen in red' },
  checkGreen: { zh: '整屏绿色', en: 'The whole screen in green' },
  checkBlue: { zh: '整屏蓝色', en: 'The whole screen in blue' },
  checkWhite: { zh: '整屏白色', en: 'The whole screen in white' },
  checkBlack: { zh: '整屏黑色', en: 'The whole screen in black' },

  starting: { zh: '正在准备', en: 'Getting ready' },
  recovering: { zh: '正在恢复…', en: 'Coming back…' },
  recoveringMore: { zh: '请稍候，屏幕马上就好', en: 'One moment, the screen will be right back' },
  noSecret: { zh: '请在评价器上打开本页', en: 'This page opens on the rating terminal' },

  nothingOpen: {
    zh: '现在没有需要评价的业务，请等待工作人员邀请',
    en: 'Nothing to rate now; the staff will invite you',
  },
  sessionOver: { zh: '本次评价已结束，谢谢您', en: 'This rating has ended, thank you' },
  oneKeyOnly: { zh: '请只按一个键', en: 'Please press only one key' },
  pausedNow: { zh: '窗口暂停服务，请稍候再评价', en: 'The window is paused, please rate later' },
  offDutyNow: { zh: '窗口暂无人值守，现在不能评价', en: 'Nobody is on duty; no rating now' },
  outOfServiceNow: { zh: '评价器暂时停用，请告诉工作人员', en: 'Out of service, please tell the staff' },
  notTaken: { zh: '这次没有记上，请再按一次', en: 'That was not recorded, please press again' },
  ratingStands: { zh: '您的评价已收到，不能再更改', en: 'Your rating stands and cannot be changed' },
} as const satisfies Catalogue<string>;

export type Word = keyof typeof WORDS;
export type Say = Text<Word>;

export function sayIn(language: Language): Say {
  return textOf<Word>(WORDS, language);
}
