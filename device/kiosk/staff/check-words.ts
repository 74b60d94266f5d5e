/** The names of what the self-check looks at, and for each code what is wrong and what to do next. */
import type { Phrase } from '../shared/catalogue.js';
import type { ProblemWords } from './problem-words.js';

const name = (zh: string, en: string): Phrase => ({ zh, en });
const say = (whatZh: string, whatEn: string, todoZh: string, todoEn: string): ProblemWords => ({
  what: { zh: whatZh, en: whatEn },
  todo: { zh: todoZh, en: todoEn },
});

export const CHECK_ITEMS: Readonly<Record<string, Phrase>> = {
  'log-integrity': name('记录完整', 'Records whole'),
  'log-chain': name('记录连续', 'Records unbroken'),
  'log-space': name('存储空间', 'Storage'),
  'log-write': name('写入记录', 'Writing records'),
  clock: name('时间', 'Clock'),
  network: name('网络', 'Network'),
  backlog: name('待上传', 'To be sent'),
  certificates: name('证书', 'Certificates'),
  roster: name('名册', 'Roster'),
  temperature: name('温度', 'Temperature'),
  power: name('供电', 'Power'),
  board: name('按键板', 'Key panel'),
  keypad: name('小键盘', 'Keypad'),
  screen: name('群众屏幕', "Citizen's screen"),
  printer: name('打印机', 'Printer'),
  paper: name('纸张', 'Paper'),
  cover: name('打印机上盖', 'Printer cover'),
  cutter: name('切刀', 'Cutter'),
  'key-5': name('5 号键', 'Key 5'),
  'key-4': name('4 号键', 'Key 4'),
  'key-3': name('3 号键', 'Key 3'),
  'key-2': name('2 号键', 'Key 2'),
  'key-1': name('1 号键', 'Key 1'),
  'lamp-invited': name('“请评价”灯', 'Lamp “please rate”'),
  'lamp-accepted': name('“已收到”灯', 'Lamp “received”'),
  'lamp-fault': name('“故障”灯', 'Lamp “fault”'),
  'touch-1': name('触摸中间', 'Touch, centre'),
  'touch-2': name('触摸左上', 'Touch, upper left'),
  'touch-3': name('触摸右上', 'Touch, upper right'),
  'touch-4': name('触摸右下', 'Touch, lower right'),
  'touch-5': name('触摸左下', 'Touch, lower left'),
  'screen-red': name('红色', 'Red'),
  'screen-green': name('绿色', 'Green'),
  'screen-blue': name('蓝色', 'Blue'),
  'screen-white': name('白色', 'White'),
  'screen-black': name('黑色', 'Black'),
  sound: name('声音', 'Sound'),
  slip: name('小票', 'Slip'),
};

const touchSilent = say(
  '触摸没有反应',
  'The touch screen does not answer there',
  '擦净屏幕再检一次；还不行请报修，群众可以按键评价。',
  'Wipe the screen and check again; if it stays, report it; citizens use the keys.',
);
const paperLow = say('打印纸将尽', 'Paper is low', '备好新纸卷。', 'Have a new roll at hand.');
const logDamaged = say(
  '本机记录有损坏',
  'Records of this terminal are damaged',
  '不要关机；马上通知管理员，已上传的评价不受影响。',
  'Leave it on; tell the administrator now. What was sent is safe.',
);
const logBroken = say(
  '本机记录前后接不上',
  'Records of this terminal do not link',
  '马上通知管理员查验；评价照常。',
  'Tell the administrator to verify them; rating goes on.',
);
const spaceLow = say(
  '存储空间不足',
  'Storage is nearly full',
  '通知管理员清理；评价照常。',
  'Tell the administrator to make room; rating goes on.',
);
const backlogLarge = say(
  '待上传的太多',
  'Much is still to be sent',
  '看网络是否正常；评价都存在本机，会自动上传。',
  'Look at the network; all is kept here and sent by itself.',
);
const slowLog = say(
  '存储太慢，没有查完',
  'Storage is slow; the check did not finish',
  '空闲时再检一次；总这样就通知管理员换存储卡。',
  'Check again in a quiet hour; if it stays, have the card replaced.',
);

export const CHECK_CODES: Readonly<Record<string, ProblemWords>> = {
  'key-silent': say(
    '按了没有反应，或没有按',
    'The key did not answer, or was not pressed',
    '再检一次；还不行请清理或报修，群众可以点屏幕评价。',
    'Check again; if it stays, clean or report it; citizens touch the screen.',
  ),
  'key-crossed': say(
    '按下的是另一个键，或线接错了',
    'Another key answered: mispressed, or its wires are crossed',
    '再检一次；还是这样就停用按键，请群众点屏幕，并马上报修。',
    'Check again; if it stays, let citizens touch the screen only, and report it now.',
  ),
  'key-stuck': say(
    '有键卡住',
    'A key is stuck',
    '清理按键周围；还不行请报修，其余按键照常。',
    'Clean around the keys; if it stays, report it; the others work on.',
  ),
  'board-lost': say(
    '按键板断开',
    'The key panel is lost',
    '检查 USB 线和电源，接好后自动恢复；请群众点屏幕评价。',
    'Check USB cable and power, it comes back by itself; citizens touch the screen.',
  ),
  'board-degraded': say(
    '按键板不稳定',
    'The key panel is unsteady',
    '插紧 USB 线，再检一次。',
    'Push the USB plug home and check again.',
  ),
  'keypad-lost': say(
    '小键盘断开',
    'The keypad is lost',
    '插好小键盘，会自动恢复；请群众点屏幕评价。',
    'Plug it in, it comes back by itself; citizens touch the screen.',
  ),
  'keypad-degraded': say(
    '小键盘不稳定',
    'The keypad is unsteady',
    '插紧它的线，再检一次。',
    'Push its plug home and check again.',
  ),
  'lamp-dark': say(
    '灯不亮',
    'The lamp stays dark',
    '看灯线是否松了；不影响评价，有空时报修。',
    'Look for a loose wire; rating goes on; report it.',
  ),
  'touch-silent': touchSilent,
  'touch-missed': touchSilent,
  'screen-lost': say(
    '群众屏幕断开',
    "The citizen's screen is lost",
    '检查屏幕电源和线；请群众按键评价。',
    'Check its power and cable; citizens use the keys.',
  ),
  'screen-colour': say(
    '屏幕颜色不对，或有斑点',
    'The colour is wrong, or there are spots',
    '擦净屏幕、插紧线再检一次；还不行请报修。',
    'Wipe it, push its cable home and check again; if it stays, report it.',
  ),
  'sound-failed': say(
    '声音放不出来',
    'The sound could not be played',
    '检查音箱的线和电源；没有声音也照常评价。',
    'Check the speaker’s cable and power; rating goes on without sound.',
  ),
  'sound-unheard': say(
    '没有听到声音',
    'The sound was not heard',
    '调大音量再检一次；没有声音也照常评价。',
    'Turn it up and check again; rating goes on without sound.',
  ),
  'printer-lost': say(
    '打印机断开',
    'The printer is lost',
    '检查电源和线；请群众扫屏幕上的二维码。',
    'Check power and cable; citizens scan the code on the screen.',
  ),
  'printer-offline': say(
    '打印机脱机',
    'The printer is off line',
    '按打印机上的联机键，或关开一次电源。',
    'Press its on-line key, or switch it off and on.',
  ),
  'printer-fault': say(
    '打印机异常',
    'The printer has a fault',
    '关开一次电源，再检一次；还不行请报修。',
    'Switch it off and on and check again; if it stays, report it.',
  ),
  'paper-out': say(
    '打印机缺纸',
    'The printer is out of paper',
    '装上新纸卷，再检一次。',
    'Put in a new roll and check again.',
  ),
  'paper-low': paperLow,
  'paper-near-end': paperLow,
  'paper-unknown': say(
    '打印机不报纸量',
    'This printer does not tell how much paper it has',
    '不用处理；每天看一眼纸卷。',
    'Nothing to do; look at the roll each day.',
  ),
  'cover-open': say(
    '打印机上盖开着',
    'The printer’s cover is open',
    '关好上盖，再检一次。',
    'Close it and check again.',
  ),
  'cover-unknown': say(
    '打印机不报上盖状态',
    'This printer does not tell of its cover',
    '不用处理；看一眼是否关好。',
    'Nothing to do; see that it is closed.',
  ),
  'cutter-error': say(
    '切刀卡住',
    'The cutter is jammed',
    '关机后取出卡住的纸，再开机。',
    'Switch it off, take out the jammed paper, switch it on.',
  ),
  'cutter-unknown': say(
    '打印机不报切刀状态',
    'This printer does not tell of its cutter',
    '不用处理。',
    'Nothing to do.',
  ),
  'slip-not-printed': say(
    '小票没有打出来',
    'The slip was not printed',
    '检查纸和电源，再检一次；群众可以扫屏幕上的二维码。',
    'Check paper and power, check again; citizens scan the code on the screen.',
  ),
  'slip-unreadable': say(
    '小票不清楚',
    'The slip is not clear',
    '看纸是否装反、打印头是否要擦，再检一次。',
    'See whether the paper is the wrong way round or the head needs wiping; check again.',
  ),
  'slip-misread': say(
    '扫到的不是这张小票',
    'What was scanned is not this slip',
    '扫刚打出来的这张，再检一次。',
    'Scan the one that was printed just now; check again.',
  ),
  'log-damaged': logDamaged,
  'log-corrupt': logDamaged,
  'log-unreadable': logDamaged,
  'log-chain-broken': logBroken,
  'log-head-differs': logBroken,
  'log-check-slow': slowLog,
  'log-write-slow': slowLog,
  'log-space-out': say(
    '存储已满',
    'Storage is full',
    '记不下评价了；马上通知管理员。',
    'Nothing can be recorded; tell the administrator now.',
  ),
  'log-space-low': spaceLow,
  'disk-low': spaceLow,
  'log-space-unknown': say(
    '查不到剩余空间',
    'Free storage could not be read',
    '再检一次；总这样就通知管理员。',
    'Check again; if it stays, tell the administrator.',
  ),
  'log-write-failed': say(
    '写不进记录',
    'Nothing can be recorded',
    '现在不能评价；马上通知管理员查看存储。',
    'There is no rating now; tell the administrator to look at the storage.',
  ),
  'clock-off': say(
    '时间不准',
    'The clock is off',
    '通知管理员对时；评价照常，时间会自动校正。',
    'Tell the administrator; rating goes on, times are corrected.',
  ),
  'clock-unknown': say(
    '还没有对过时间',
    'The clock has not been set yet',
    '连上网络会自动对时；评价照常。',
    'It sets itself once the network is there; rating goes on.',
  ),
  'network-lost': say(
    '网络断开',
    'The network is lost',
    '检查网线；评价都存在本机，恢复后自动上传。',
    'Check the cable; ratings are kept here and sent afterwards.',
  ),
  'network-degraded': say(
    '网络不稳定',
    'The network is unsteady',
    '看网线是否松了；评价照常。',
    'Look for a loose cable; rating goes on.',
  ),
  'backlog-high': backlogLarge,
  'backlog-large': backlogLarge,
  'backlog-old': say(
    '有评价很久没上传',
    'Something has waited long to be sent',
    '看网络是否正常；总不上传就通知管理员。',
    'Look at the network; if it stays, tell the administrator.',
  ),
  'certificate-expired': say(
    '证书已过期',
    'A certificate has expired',
    '通知管理员换证书；评价照常，暂时传不上去。',
    'Tell the administrator to renew it; rating goes on but is not sent.',
  ),
  'certificate-expiring': say(
    '证书快到期',
    'A certificate expires soon',
    '通知管理员尽快换证书。',
    'Tell the administrator to renew it soon.',
  ),
  'certificate-early': say(
    '证书还没有生效',
    'A certificate is not valid yet',
    '先看时间准不准；准的话通知管理员。',
    'See whether the clock is right; if so, tell the administrator.',
  ),
  'certificate-unreadable': say(
    '证书读不出来',
    'A certificate cannot be read',
    '通知管理员重新安装证书。',
    'Tell the administrator to install it anew.',
  ),
  'certificate-mismatch': say(
    '证书和密钥不是一对',
    'Certificate and key do not belong together',
    '通知管理员重新安装证书。',
    'Tell the administrator to install them anew.',
  ),
  'roster-old': say('名册很久没更新', 'The roster is old', '请管理员更新名册。', 'Have the administrator renew it.'),
  'roster-empty': say(
    '名册是空的',
    'The roster is empty',
    '请管理员填写名册；现在可以用任何工号签到。',
    'Have the administrator fill it; any number signs on now.',
  ),
  'roster-unreadable': say(
    '名册读不出来',
    'The roster cannot be read',
    '请管理员检查名册文件。',
    'Have the administrator look at its file.',
  ),
  'staff-unknown': say(
    '值班的人不在名册里',
    'Who is on duty is not in the roster',
    '核对工号，或请管理员加入名册。',
    'Check the number, or have it added to the roster.',
  ),
  'temperature-high': say(
    '设备太热',
    'The device is too hot',
    '挪开遮挡通风的东西；还热就通知管理员。',
    'Clear its vents; if it stays hot, tell the administrator.',
  ),
  'under-voltage': say(
    '供电不足',
    'The power supply is too weak',
    '换原装电源和短线，少接设备。',
    'Use the original supply and a short cable; plug fewer things in.',
  ),
};

/** Every item may end so: nobody answered in time. */
export const UNANSWERED: ProblemWords = say(
  '没有回答',
  'It was not answered in time',
  '有空时再检一次，做完每一步。',
  'Check again when there is time, and answer each step.',
);

/** A code of a newer terminal. */
export const UNKNOWN_CODE: ProblemWords = say(
  '没有通过',
  'It did not pass',
  '再检一次；还不行，把代码报给管理员。',
  'Check again; if it stays, report the code.',
);
