/** The terminal's coded refusals in the words of a counter: what is wrong, and what to do now. */
import type { ErrorCode } from '../../../protocol/index.js';
import type { Phrase } from '../shared/catalogue.js';
import type { Problem } from '../shared/call.js';

export interface ProblemWords {
  readonly what: Phrase;
  readonly todo: Phrase;
}

const say = (whatZh: string, whatEn: string, todoZh: string, todoEn: string): ProblemWords => ({
  what: { zh: whatZh, en: whatEn },
  todo: { zh: todoZh, en: todoEn },
});

/** Codes that a request of this page can meet; `unreachable` is the page's own for no answer. */
export const PROBLEM_WORDS = {
  unreachable: say(
    '评价器没有回答',
    'The terminal does not answer',
    '等几秒再按一次；同一件不会重复。',
    'Wait some seconds and try again; nothing is done twice.',
  ),
  'terminal-off-duty': say('还没有人签到', 'Nobody is signed on', '先签到，再开始评价。', 'Sign on first, then start.'),
  'terminal-paused': say(
    '服务已暂停',
    'Service is paused',
    '先点“恢复服务”，再扫一次。',
    'Resume first, then scan again.',
  ),
  'terminal-out-of-service': say(
    '评价器停用中',
    'The terminal is out of service',
    '请通知管理员；恢复后再扫一次。',
    'Tell the administrator; scan again afterwards.',
  ),
  'session-absent': say(
    '这次评价已经结束',
    'This rating has ended',
    '要再评，请重新扫描办件编号。',
    'Scan the case number to start anew.',
  ),
  'service-over': say(
    '这次评价已经结束',
    'This rating has ended',
    '要再评，请重新扫描办件编号。',
    'Scan the case number to start anew.',
  ),
  'service-exists': say(
    '这个服务号已用于别的办件',
    'This service id belongs to another case',
    '重新扫描一次即可。',
    'Scan once more.',
  ),
  'service-unknown': say(
    '评价器上没有这次服务',
    'The terminal does not know this service',
    '它可能太久了；请重新扫描办件编号。',
    'It may be too old; scan the case number.',
  ),
  'service-ungranted': say(
    '按规定这个环节不评价',
    'By the rules this stage is not rated',
    '不用处理；办结时再评。',
    'Nothing to do; it is rated at completion.',
  ),
  'service-already-rated': say(
    '这次服务已经评价过',
    'This service is rated already',
    '不用再打印。',
    'No slip is needed.',
  ),
  'rating-stands': say('评价已经生效', 'The rating stands', '感谢群众即可。', 'Thank the citizen.'),
  'staff-unknown': say(
    '名册里没有这个工号',
    'This staff number is not in the roster',
    '核对工号，或请管理员加入名册。',
    'Check the number, or have it added to the roster.',
  ),
  'pin-wrong': say(
    '工号和密码不符',
    'Staff number and PIN do not match',
    '再输一次；忘了密码请扫工牌，或找管理员。',
    'Type it again; if forgotten, scan the badge or ask the administrator.',
  ),
  'pin-locked': say(
    '密码错了多次，暂时不能再试',
    'The PIN was wrong too often',
    '等一分钟再输，或扫工牌。',
    'Wait a minute, or scan the badge.',
  ),
  'selfcheck-absent': say(
    '现在没有自检在进行',
    'No self-check is going on',
    '要检查就再点“开始自检”。',
    'Start one if you want it.',
  ),
  'selfcheck-running': say(
    '自检已经在进行',
    'A self-check is going on already',
    '按提示做完，或先中止。',
    'Finish it, or break it off first.',
  ),
  'selfcheck-busy': say(
    '有评价正在进行，先不自检',
    'A rating is under way, so nothing is checked',
    '这件结束后再点“开始自检”。',
    'Start the self-check when it has ended.',
  ),
  'selfcheck-step': say(
    '这一步已经过去了',
    'That step is past',
    '看现在问的是什么，再回答。',
    'Answer what is asked now.',
  ),
  'printer-lost': say(
    '打印机没有回答',
    'The printer does not answer',
    '检查电源和线；请群众扫屏幕上的二维码。',
    'Check power and cable; the code is on the screen.',
  ),
  'paper-out': say(
    '打印机缺纸',
    'The printer is out of paper',
    '装上新纸卷，会自动打印。',
    'Put in a new roll; it prints by itself.',
  ),
  'receipt-too-old': say(
    '这张回执等得太久，没有打印',
    'The slip waited too long and was not printed',
    '群众还在的话，再点一次打印。',
    'Print again if the citizen is still here.',
  ),
  'log-full': say(
    '评价器的存储已满',
    "The terminal's storage is full",
    '这次没有记录；请通知管理员，然后再试。',
    'Nothing was taken; tell the administrator, then try again.',
  ),
  'log-write-failed': say(
    '没有记下来，所以没有执行',
    'It could not be recorded, so it was not done',
    '再按一次；还不行，请通知管理员查看存储。',
    'Try again; if it stays, tell the administrator to look at the storage.',
  ),
  'request-malformed': say(
    '填写的内容不符合要求',
    'What was entered is not valid',
    '检查编号里有没有多余的符号，再试一次。',
    'Look for stray characters and try again.',
  ),
  'request-too-large': say('内容太长', 'Too long', '缩短后再试。', 'Shorten it and try again.'),
  'evaluator-unsupported': say(
    '不能填写群众的个人信息',
    'Personal data of citizens is not taken',
    '只填办件编号和事项。',
    'Enter case number and matter only.',
  ),
  'credentials-missing': say(
    '本页的地址已失效',
    'The address of this page is no longer valid',
    '关闭本页，用桌面快捷方式重新打开。',
    'Close the page and open it by its shortcut.',
  ),
  'origin-refused': say(
    '本页不是从评价器打开的',
    'This page was not opened from the terminal',
    '关闭本页，用桌面快捷方式重新打开。',
    'Close the page and open it by its shortcut.',
  ),
  'route-unknown': say(
    '评价器的版本不认识这个操作',
    'The terminal does not know this action',
    '刷新本页（F5）；还不行，请报修。',
    'Reload the page (F5); if it stays, report it.',
  ),
  internal: say(
    '评价器内部出错',
    'The terminal met a fault of its own',
    '再试一次；还不行，把下面的代码报给管理员。',
    'Try again; if it stays, report the code below.',
  ),
} as const satisfies Partial<Record<ErrorCode | 'unreachable', ProblemWords>>;

export type KnownProblem = keyof typeof PROBLEM_WORDS;

/** Any other code is told as the terminal told it. */
export function problemWords({ code, title, hint }: Problem): ProblemWords {
  if (Object.hasOwn(PROBLEM_WORDS, code)) return PROBLEM_WORDS[code as KnownProblem];
  return {
    what: { zh: '没有完成', en: title || 'It was not done' },
    todo: {
      zh: '再试一次；还不行，把下面的代码报给管理员。',
      en: hint || 'Try again; if it stays, report the code below.',
    },
  };
}
