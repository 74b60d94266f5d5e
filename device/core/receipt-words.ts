/** What stands on a receipt, by language. */
export type SlipLanguage = 'zh' | 'en';

export interface SlipWords {
  readonly title: string;
  readonly again: string;
  readonly matter: string;
  readonly caseNo: string;
  readonly window: string;
  readonly staffNo: string;
  readonly openedAt: string;
  readonly scan: string;
  readonly secret: string;
  readonly keep: string;
  readonly rated: string;
}

export const SLIP_WORDS: Readonly<Record<SlipLanguage, SlipWords>> = {
  zh: {
    title: '受理回执',
    again: '（补打）',
    matter: '事项',
    caseNo: '办件',
    window: '窗口',
    staffNo: '工号',
    openedAt: '时间',
    scan: '请扫码评价本次服务',
    secret: '等级由您选择，窗口人员看不到。',
    keep: '一次服务评价一次，请妥善保管。',
    rated: '本次服务已评价，感谢您。',
  },
  en: {
    title: 'Receipt',
    again: '(printed again)',
    matter: 'Matter',
    caseNo: 'Case',
    window: 'Window',
    staffNo: 'Staff',
    openedAt: 'Time',
    scan: 'Scan to rate this service',
    secret: 'The staff cannot see your choice.',
    keep: 'One rating a service. Keep this slip.',
    rated: 'This service has been rated. Thank you.',
  },
};
