/**
 * Reasons (标签, `evalDetail`): the active national list, eight a level, the first three of each the core set. A hall may
 * have a list of its own in its place (`reason-list.ts`). Versioned data: a press names the list it was chosen from, and
 * retired codes stay readable in old data: the first digit of a code is its level, in every list.
 */
export interface Reason {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

export interface ReasonList {
  /** As entries name it. */
  readonly id: string;
  /** In the order they are shown, the core set of each level first. */
  readonly reasons: readonly Reason[];
}

export const REASONS_VERSION = 'national-1';

/** How many reasons one rating may carry: all of its level. */
export const MAX_REASONS = 8;

/** The national list, by level from 5 to 1. */
export const REASONS: readonly Reason[] = [
  { code: '510', zh: '一窗受理一次办结', en: 'One window, done in one visit' },
  { code: '511', zh: '可以先受理后补材料', en: 'Accepted first, papers supplied later' },
  { code: '512', zh: '不用提交证明', en: 'No certificates asked for' },
  { code: '513', zh: '可以全程网上办理', en: 'Can be done wholly online' },
  { code: '514', zh: '可以使用手机办理', en: 'Can be done by phone' },
  { code: '515', zh: '可以就近办理', en: 'Can be done nearby' },
  { code: '516', zh: '无需材料直接办理', en: 'Done without any papers' },
  { code: '517', zh: '服务热情效率高', en: 'Friendly and efficient service' },
  { code: '406', zh: '填写一张表单就可完成申报', en: 'One form was enough' },
  { code: '407', zh: '在线提交材料窗口核验', en: 'Papers sent online, checked at the window' },
  { code: '408', zh: '一张清单告知全部申报材料', en: 'One list told all papers needed' },
  { code: '409', zh: '用告知承诺减免申报材料', en: 'A declaration replaced papers' },
  { code: '410', zh: '可以在线预约办理', en: 'Can be booked online' },
  { code: '411', zh: '跑大厅一次办完', en: 'Done in one trip to the hall' },
  { code: '412', zh: '可以使用自助机办理', en: 'Can be done at a self-service machine' },
  { code: '413', zh: '服务态度较好', en: 'Rather good attitude' },
  { code: '307', zh: '一次性告知需要补正的材料', en: 'Told at once what to correct' },
  { code: '308', zh: '提供申报材料样本', en: 'Sample papers were provided' },
  { code: '309', zh: '在承诺的时间内办结', en: 'Done within the promised time' },
  { code: '310', zh: '办事指南指引准确', en: 'The guide was accurate' },
  { code: '311', zh: '按办事指南要求的材料即可办理', en: 'The papers in the guide were enough' },
  { code: '312', zh: '可以快递送达', en: 'Can be delivered by courier' },
  { code: '313', zh: '跑动次数与承诺的一致', en: 'As many trips as promised' },
  { code: '314', zh: '服务态度一般', en: 'Average attitude' },
  { code: '207', zh: '没有提供材料样本', en: 'No sample papers were provided' },
  { code: '208', zh: '没有提供材料清单', en: 'No list of papers was provided' },
  { code: '209', zh: '未在承诺时间内办结', en: 'Not done within the promised time' },
  { code: '210', zh: '同样内容的证明材料被要求多次提交', en: 'The same proof was asked for repeatedly' },
  { code: '211', zh: '承诺网办但无法在线办理', en: 'Promised online, but not possible online' },
  { code: '212', zh: '在线预约办理后到实体大厅重复取号排队', en: 'Booked online, yet queued again in the hall' },
  { code: '213', zh: '窗口人员业务不熟练', en: 'Window staff did not know the matter well' },
  { code: '214', zh: '服务态度生硬', en: 'Stiff attitude' },
  { code: '108', zh: '在办事指南之外增加新的审批条件', en: 'Conditions added that the guide does not have' },
  { code: '109', zh: '需提供办事指南之外的申报材料', en: 'Papers asked for that the guide does not have' },
  { code: '110', zh: '无理由超过法定办理时间', en: 'Past the legal time without a reason' },
  { code: '111', zh: '办事指南提供样本有错', en: "The guide's samples were wrong" },
  { code: '112', zh: '承诺在线收取申报材料实际无法收取', en: 'Papers promised to be taken online were not' },
  { code: '113', zh: '多头跑窗口和部门', en: 'Sent between windows and departments' },
  { code: '114', zh: '跑动次数与承诺的不一致', en: 'More trips than promised' },
  { code: '115', zh: '服务态度差效率低', en: 'Bad attitude and slow' },
];

/** What a hall has that has chosen nothing else. */
export const NATIONAL_LIST: ReasonList = { id: REASONS_VERSION, reasons: REASONS };

/** The reasons of a level (1–5) in the order they are shown; the first three are the core set. */
export function reasonsOf(level: number, reasons: readonly Reason[] = REASONS): readonly Reason[] {
  return reasons.filter(({ code }) => code.startsWith(String(level)));
}

/** Whether all codes are reasons of the level, each once. */
export function areReasonsOf(
  level: number,
  codes: readonly string[],
  reasons: readonly Pick<Reason, 'code'>[] = REASONS,
): boolean {
  const known = new Set(reasons.map(({ code }) => code).filter((code) => code.startsWith(String(level))));
  return new Set(codes).size === codes.length && codes.every((code) => known.has(code));
}
