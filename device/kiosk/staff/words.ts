/** Every string of the staff page. */
import type { Catalogue } from '../shared/catalogue.js';
import { SELF_CHECK_WORDS } from './self-check-words.js';

export const WORDS = {
  ...SELF_CHECK_WORDS,

  // the page
  title: { zh: '评价工作台', en: 'Rating desk' },
  windowTitle: { zh: '窗口 {window}', en: 'Window {window}' },
  language: { zh: 'English', en: '中文' },
  connecting: { zh: '正在连接评价器…', en: 'Connecting to the terminal…' },
  recovering: { zh: '正在恢复…', en: 'Recovering…' },
  recoveringHint: {
    zh: '与评价器的连接断了，正在自动重连。下面是断开前的样子；屏幕和按键照常评价。',
    en: 'The connection to the terminal is down and is made again by itself. Below is how things stood; rating goes on by screen and keys.',
  },
  scanKept: {
    zh: '已记下办件编号 {caseNo}，恢复后按回车。',
    en: 'Case number {caseNo} is kept; press Enter once recovered.',
  },
  refused: { zh: '请重新打开本页', en: 'Please open this page again' },
  refusedHint: {
    zh: '评价器重新启动过，旧地址已失效。请关闭本页，用桌面上的“评价工作台”快捷方式再打开。',
    en: 'The terminal was started anew and this address is no longer valid. Close the page and open it with the “Rating desk” shortcut.',
  },

  // duty
  signOn: { zh: '签到', en: 'Sign on' },
  signOnHint: {
    zh: '选人或输入工号，按回车签到；也可扫工牌。',
    en: 'Choose or type a staff number, then Enter; or scan the badge.',
  },
  pin: { zh: '密码', en: 'PIN' },
  pinTyped: { zh: '已输入 {length} 位', en: '{length} digits typed' },
  pinKeys: { zh: '数字键', en: 'Digits' },
  pinErase: { zh: '退格', en: 'Erase' },
  pinMissing: { zh: '请先输入密码。', en: 'Type the PIN first.' },
  standIn: { zh: '换人', en: 'Stand in' },
  standInTitle: { zh: '换人签到', en: 'Sign on in their place' },
  standInOpen: {
    zh: '正在进行的评价不受影响，仍记在原来的人名下。',
    en: 'The rating under way goes on and stays with whoever began it.',
  },
  notNow: { zh: '不换了', en: 'Not now' },
  staffNo: { zh: '工号', en: 'Staff no.' },
  staffSearch: { zh: '工号或姓名', en: 'Staff no. or name' },
  staffNone: { zh: '名册里没有；按回车用这个工号签到。', en: 'Not in the roster; Enter signs on with this number.' },
  staffBad: { zh: '工号只能用字母、数字和短横线。', en: 'A staff number holds letters, digits and hyphens only.' },
  staffChoose: { zh: '请先选人或输入工号。', en: 'Choose somebody or type a number first.' },
  signedOn: { zh: '已签到', en: 'Signed on' },
  offDuty: { zh: '签退', en: 'Sign off' },
  offDutyAsk: {
    zh: '有评价正在进行，签退会结束它。确定签退？',
    en: 'A rating is under way and ends when you sign off. Sign off?',
  },
  signedOff: { zh: '已签退', en: 'Signed off' },

  // opening a service
  open: { zh: '开始评价', en: 'Start rating' },
  openNext: { zh: '开始下一件', en: 'Start the next' },
  openTitle: { zh: '新办件', en: 'New case' },
  caseNo: { zh: '办件编号', en: 'Case no.' },
  caseNoHint: { zh: '扫码，或输入后按回车', en: 'Scan, or type and Enter' },
  caseNoMissing: { zh: '请先扫描或输入办件编号。', en: 'Scan or type the case number first.' },
  caseNoLong: { zh: '办件编号最多 50 个字，请重新扫描。', en: 'A case number has at most 50 characters; scan again.' },
  inputMethod: {
    zh: '输入法处于中文状态，扫码可能出错；请切换到英文。',
    en: 'The input method is set to Chinese, which may garble scans; switch it to English.',
  },
  matter: { zh: '事项', en: 'Matter' },
  matterHint: { zh: '输入名称，或按数字键', en: 'Type a name, or press a number' },
  matterNone: { zh: '不选事项', en: 'No matter' },
  matterAbsent: {
    zh: '没有这个事项。改一下字，或清空后按 0。',
    en: 'No such matter. Change the words, or clear them and press 0.',
  },
  stage: { zh: '环节', en: 'Stage' },
  intake: { zh: '受理', en: 'Intake' },
  completion: { zh: '办结', en: 'Completion' },
  nextEnds: {
    zh: '开始下一件会结束当前这件；群众之后仍可扫码评价。',
    en: 'Starting the next ends the current one; the citizen can still rate by code.',
  },
  checkThenEnter: { zh: '核对事项，按回车开始。', en: 'Check the matter, then Enter.' },
  opened: { zh: '已开始，请群众在评价器上评价。', en: 'Started; please invite the citizen to rate.' },

  // the open service
  nothingOpen: { zh: '没有正在进行的评价', en: 'No rating under way' },
  nothingOpenHint: { zh: '扫描办件编号即可开始。', en: 'Scan a case number to start.' },
  inSession: { zh: '评价进行中', en: 'Rating under way' },
  inSessionHint: {
    zh: '请群众自己评价，不催促、不代评。',
    en: 'The citizen rates alone: no urging, no rating in their stead.',
  },
  invite: { zh: '再次邀请', en: 'Invite again' },
  invited: { zh: '已再次邀请', en: 'Invited again' },
  print: { zh: '打印回执', en: 'Print slip' },
  printOf: { zh: '打印回执：{caseNo}', en: 'Print slip: {caseNo}' },
  printing: { zh: '已送打印', en: 'Sent to the printer' },
  printingWaits: {
    zh: '已记下；装好纸、接好打印机后打印。',
    en: 'Noted; it prints once there is paper and the printer is back.',
  },
  cancel: { zh: '取消评价', en: 'Cancel rating' },
  cancelAsk: {
    zh: '取消这次评价？群众之后仍可扫码评价。',
    en: 'Cancel this rating? The citizen can still rate by code.',
  },
  cancelled: { zh: '已取消', en: 'Cancelled' },
  sure: { zh: '确定', en: 'Yes' },
  back: { zh: '返回', en: 'Back' },

  // pause
  pause: { zh: '暂停服务', en: 'Pause' },
  pauseTitle: { zh: '暂停服务的原因', en: 'Why is service paused?' },
  pauseHint: {
    zh: '群众的屏幕会显示这个原因。数字键选，回车确认，Esc 返回。',
    en: "The citizen's screen shows it. Number key to choose, Enter to confirm, Esc to go back.",
  },
  reasonOther: { zh: '其他原因', en: 'In other words' },
  reasonOtherMissing: { zh: '请写下原因，最多 40 个字。', en: 'Write the reason, at most 40 characters.' },
  pausedNow: { zh: '已暂停', en: 'Paused' },
  pausesLater: { zh: '这件评价结束后暂停', en: 'The pause begins when this rating is over' },
  pauseWaiting: { zh: '这件结束后暂停：{reason}', en: 'Pause after this one: {reason}' },
  pauseUndo: { zh: '不暂停了', en: 'Do not pause' },
  paused: { zh: '暂停服务中', en: 'Service is paused' },
  pausedFor: { zh: '原因：{reason}', en: 'Reason: {reason}' },
  resume: { zh: '恢复服务', en: 'Resume' },
  resumed: { zh: '已恢复服务', en: 'Service resumed' },
  pauseBreak: { zh: '短暂离开', en: 'Back in a moment' },
  pauseMeal: { zh: '就餐休息', en: 'Meal break' },
  pauseHandover: { zh: '交接班', en: 'Change of shift' },
  pauseTraining: { zh: '会议学习', en: 'Meeting or training' },
  pauseFault: { zh: '业务系统故障', en: 'Business system down' },
  pauseUpkeep: { zh: '设备维护', en: 'Upkeep of equipment' },

  // out of service
  outOfService: { zh: '评价器停用', en: 'Out of service' },
  outOfServiceHint: {
    zh: '评价器现在无法保存记录，所以不接受评价。请通知管理员；恢复后自动继续，已有的评价不会丢。',
    en: 'The terminal cannot keep records now, so it takes no rating. Tell the administrator; it goes on by itself afterwards and nothing is lost.',
  },

  // recent services
  recent: { zh: '最近办件', en: 'Recent cases' },
  recentNone: { zh: '还没有结束的评价。', en: 'None has ended yet.' },
  rated: { zh: '已评价', en: 'Rated' },
  notRated: { zh: '未评价', en: 'Not rated' },

  // parts
  parts: { zh: '设备状态', en: 'Equipment' },
  partBoard: { zh: '按键板', en: 'Key panel' },
  partKeys: { zh: '按键', en: 'Keys' },
  partKeypad: { zh: '小键盘', en: 'Keypad' },
  partScreen: { zh: '群众屏幕', en: "Citizen's screen" },
  partSound: { zh: '声音', en: 'Sound' },
  partPrinter: { zh: '打印机', en: 'Printer' },
  partPaper: { zh: '纸张', en: 'Paper' },
  partNetwork: { zh: '网络', en: 'Network' },
  partLog: { zh: '记录', en: 'Records' },
  stateGood: { zh: '正常', en: 'fine' },
  stateWeak: { zh: '异常', en: 'faulty' },
  stateLost: { zh: '断开', en: 'lost' },
  stateAbsent: { zh: '未配', en: 'none' },
  stateCover: { zh: '上盖开着', en: 'cover open' },
  stateCutter: { zh: '切刀卡住', en: 'cutter jammed' },
  stateOffline: { zh: '脱机', en: 'off line' },
  paperOk: { zh: '充足', en: 'enough' },
  paperNearEnd: { zh: '将尽', en: 'low' },
  paperOut: { zh: '缺纸', en: 'out' },
  paperUnknown: { zh: '未知', en: 'unknown' },
  stateSince: { zh: '{state}（{time} 起）', en: '{state}, {time}' },
  attention: { zh: '需要处理', en: 'Needs attention' },
  adviceBoardWeak: { zh: '插紧 USB 线；屏幕照常评价。', en: 'Push the USB plug home; the screen works on.' },
  adviceBoardLost: {
    zh: '检查 USB 线和电源，接好后自动恢复；请群众在屏幕上点选。',
    en: 'Check USB cable and power, it comes back by itself; citizens touch the screen meanwhile.',
  },
  adviceKeysWeak: {
    zh: '有键卡住，请清理或报修；其余照常。',
    en: 'A key is stuck: clean or report it; the others work on.',
  },
  adviceKeysLost: { zh: '请群众在屏幕上点选，并报修。', en: 'Citizens touch the screen; report the keys.' },
  adviceKeypadWeak: { zh: '插紧小键盘的线；屏幕照常评价。', en: "Push the keypad's plug home; the screen works on." },
  adviceKeypadLost: {
    zh: '插好小键盘，会自动恢复；请群众在屏幕上点选。',
    en: 'Plug the keypad in, it comes back by itself; citizens touch the screen meanwhile.',
  },
  adviceScreenWeak: { zh: '看屏幕的线是否松了；按键照常评价。', en: "Look at the screen's cable; the keys work on." },
  adviceScreenLost: {
    zh: '检查屏幕电源和线；请群众按键评价。',
    en: 'Check the screen’s power and cable; citizens use the keys.',
  },
  adviceSoundWeak: { zh: '没有声音也照常评价；有空时报修。', en: 'Rating goes on without sound; report it.' },
  adviceCover: { zh: '关好上盖，没打完的自动补打。', en: 'Close the cover; what is waiting prints by itself.' },
  adviceCutter: { zh: '关机后取出卡住的纸，再开机。', en: 'Switch it off, take out the jammed paper, switch it on.' },
  adviceOffline: { zh: '按打印机上的联机键，或关开一次电源。', en: 'Press its on-line key, or switch it off and on.' },
  advicePrinterWeak: { zh: '看上盖是否关好、切刀是否卡纸。', en: 'Close the cover; look for paper in the cutter.' },
  advicePrinterLost: {
    zh: '检查电源和网线；请群众扫屏幕上的二维码。',
    en: 'Check power and cable; citizens scan the code on the screen.',
  },
  advicePaperNearEnd: { zh: '备好新纸卷。', en: 'Have a new roll at hand.' },
  advicePaperOut: { zh: '装上新纸卷，没打完的自动补打。', en: 'Put in a new roll; what is waiting prints by itself.' },
  adviceNetworkWeak: { zh: '评价照常，恢复后自动上传。', en: 'Rating goes on and is sent afterwards.' },
  adviceNetworkLost: {
    zh: '评价照常，都存在本机，恢复后自动上传。',
    en: 'Rating goes on, is kept here and sent afterwards.',
  },
  adviceLogWeak: { zh: '本机存储异常，请通知管理员。', en: 'Storage is faulty: tell the administrator.' },
  adviceLogLost: {
    zh: '本机写不进记录，请立即通知管理员。',
    en: 'Nothing can be recorded: tell the administrator now.',
  },
  backlog: { zh: '{total} 条待上传', en: '{total} to be sent' },
  adviceBacklog: {
    zh: '{total} 条待上传，断网期间照常评价，恢复后自动上传。',
    en: '{total} to be sent; rating goes on offline and is sent afterwards.',
  },

  close: { zh: '知道了', en: 'OK' },
  errorCode: { zh: '代码 {code}', en: 'Code {code}' },
} as const satisfies Catalogue<string>;

export type WordKey = keyof typeof WORDS;
