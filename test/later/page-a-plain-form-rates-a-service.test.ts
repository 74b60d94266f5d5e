import { describe, expect, test } from 'vitest';
import type { Level } from '../../protocol/index.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { DAY_MS, POLICY } from '../rules/rated-hall.js';
import { cookieOf, hiddenOf, PageHall } from './page-hall.js';

const newId = () => nodeRandomness.newId();

function mainOf(text: string): string {
  return text.replace(/^[^]*<main>/, '').replace(/<script>[^]*/, '');
}

/** What is read aloud of a page: words without marks. */
function wordsOf(text: string): string {
  return mainOf(text)
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' （', '（');
}

test('the form says what is rated, by its neutral label, and has five levels, their reasons, words and one button', async () => {
  const hall = await PageHall.open();
  const token = await hall.serve('s-1', { matter: { code: 'm-1', name: '离婚登记', label: '婚姻登记' } });
  const { status, text } = await hall.get(token);
  expect(status).toBe(200);
  const words = wordsOf(text);
  expect(words).toContain('婚姻登记');
  expect(words).not.toContain('离婚');
  expect(words).toMatch(/3 号窗口.*2026年9月2\d日/);
  expect(text).not.toContain('case-s-1');
  expect(
    [...text.matchAll(/type="radio"\s+name="level"\s+id="l\d"\s+value="(\d)"\s+required/g)].map(([, n]) => n),
  ).toEqual([...'54321']);
  expect(text.match(/name="reason"/g)).toHaveLength(40);
  expect(text.match(/<button/g)).toHaveLength(1);
});

test('each level takes the same step, is committed when it is answered, and is answered in the same words', async () => {
  const hall = await PageHall.open();
  const answers = new Set<string>();
  for (const level of [5, 4, 3, 2, 1] as const) {
    const token = await hall.serve(`s-${level}`);
    const { id = '' } = hiddenOf((await hall.get(token)).text);
    const answer = await hall.post(token, { id, level: String(level) });
    expect(hall.ratings().at(-1)).toMatchObject({
      ratingId: id,
      serviceId: `s-${level}`,
      level,
      channel: 'receipt-qr',
    });
    answers.add(`${answer.status} ${answer.text}`);
    expect(answer.headers.get('set-cookie')).toMatch(
      new RegExp(`^pjq-act=${id}; Path=/r/${token}; Max-Age=\\d+; HttpOnly; SameSite=Lax$`),
    );
  }
  expect(answers.size).toBe(1);
  expect(wordsOf([...answers][0] ?? '')).toMatch(/已收到您的评价.*60 秒内可以更改/);
});

test('reasons of the level that was left are not meant; words stand in one line beside the log', async () => {
  const hall = await PageHall.open();
  const token = await hall.serve('s-1');
  const form = new URLSearchParams([
    ['id', newId()],
    ['level', '2'],
    ['reason', '517'],
    ['reason', '214'],
    ['reason', '209'],
    ['text', ' 等了两个小时，\r\n没有人叫号 <b>&\u0007 '],
  ]);
  expect((await hall.post(token, form)).status).toBe(200);
  expect(hall.ratings()).toMatchObject([{ level: 2, reasons: '["214","209"]' }]);
  expect(hall.log.rows('SELECT text FROM freeText')).toEqual([{ text: '等了两个小时， 没有人叫号 <b>&' }]);
});

const WRONG_FORMS: readonly (readonly [string, Record<string, string>, number, string])[] = [
  ['no level', { id: newId() }, 400, '请先选择一个等级'],
  ['a level that is none', { id: newId(), level: '6' }, 400, '请先选择一个等级'],
  ['no id', { level: '5' }, 400, '请先选择一个等级'],
  ['an id of another form', { id: 'short', level: '5' }, 400, '请先选择一个等级'],
  ['a reason that no list has', { id: newId(), level: '5', reason: '599' }, 409, '原因和等级对不上'],
  ['a level of a thing that nobody asked', { id: newId(), level: '5', 'mark.indicator.x': '5' }, 400, '请先选择'],
  ['words that are too long', { id: newId(), level: '5', text: '长'.repeat(501) }, 422, '太长'],
];

test('a form with a fault is answered in one sentence, and rates nothing', async () => {
  const hall = await PageHall.open();
  const token = await hall.serve('s-1');
  for (const [what, form, status, words] of WRONG_FORMS) {
    const answer = await hall.post(token, form);
    expect({ what, status: answer.status, words: wordsOf(answer.text) }).toEqual({
      what,
      status,
      words: expect.stringContaining(words),
    });
  }
  expect(hall.ratings()).toEqual([]);
  expect(hall.log.total('entry', "kind = 'rating.made'")).toBe(0);
});

test('sent again it is the same act; somebody else with the same slip comes too late, and is told no level', async () => {
  const hall = await PageHall.open();
  const token = await hall.serve('s-1');
  const form = { id: newId(), level: '1' };
  await Promise.all([hall.post(token, form), hall.post(token, form), hall.post(token, form)]);
  const other = await hall.post(token, { id: newId(), level: '5' });
  expect(other.status).toBe(409);
  expect(wordsOf(other.text)).toContain('已经评价过了');
  expect(hall.ratings()).toMatchObject([{ ratingId: form.id, level: 1 }]);
  const again = await hall.get(token);
  expect(wordsOf(again.text)).toContain('这次服务已评价');
  expect(mainOf(again.text)).not.toMatch(/更改|不满意|★|level/);
});

describe('changing', () => {
  async function rated(level: Level = 5) {
    const hall = await PageHall.open();
    const token = await hall.serve('s-1');
    const first = newId();
    const cookie = cookieOf(await hall.post(token, { id: first, level: String(level) }));
    return { hall, token, first, cookie };
  }

  test('whoever rated may change it for the seconds of the policy, in the same form', async () => {
    const { hall, token, first, cookie } = await rated();
    hall.advance(59_000);
    expect(wordsOf((await hall.get(token, cookie)).text)).toMatch(/已收到您的评价.* 1 秒内可以更改/);
    const form = hiddenOf((await hall.get(token, cookie, '?change=1')).text);
    expect(form).toMatchObject({ replaces: first });
    const answer = await hall.post(token, { ...form, level: '2' }, cookie);
    expect(answer.status).toBe(200);
    expect(hall.ratings()).toMatchObject([{ ratingId: form['id'], level: 2 }]);
    expect(hall.log.rows('SELECT ratingId, code FROM aside')).toEqual([{ ratingId: first, code: 'rating-replaced' }]);
  });

  test('afterwards it stands, and that is said', async () => {
    const { hall, token, first, cookie } = await rated();
    const form = hiddenOf((await hall.get(token, cookie, '?change=1')).text);
    hall.advance(60_001);
    const late = await hall.post(token, { ...form, level: '1' }, cookie);
    expect(late.status).toBe(409);
    expect(wordsOf(late.text)).toContain('原来的评价有效');
    expect(wordsOf((await hall.get(token, cookie, '?change=1')).text)).toContain('这次服务已评价');
    expect(hall.ratings()).toMatchObject([{ ratingId: first, level: 5 }]);
  });

  test('another phone with the same slip changes nothing', async () => {
    const { hall, token, first } = await rated();
    for (const headers of [{}, { cookie: `pjq-act=${newId()}` }]) {
      expect(wordsOf((await hall.get(token, headers, '?change=1')).text)).toContain('这次服务已评价');
      expect((await hall.post(token, { id: newId(), level: '1', replaces: newId() }, headers)).status).toBe(409);
    }
    expect(hall.ratings()).toMatchObject([{ ratingId: first, level: 5 }]);
  });

  test.each([2, 5] as const)(
    'how far the matter is, after level %i, is read on the phone that rated',
    async (level) => {
      const { hall, token, cookie } = await rated(level);
      hall.advance(60_001);
      const own = wordsOf((await hall.get(token, cookie)).text);
      expect(own.includes('您的意见处理到哪一步')).toBe(level === 2);
      if (level === 2) expect(own).toMatch(/已收到（现在） 正在核实处理 已答复/);
      // A clerk who took a picture of the slip learns from the page that it is rated, and nothing of how.
      expect(wordsOf((await hall.get(token)).text)).not.toContain('您的意见');
    },
  );
});

test('a slip of a service that no log has told of is good: its window and its day are shown', async () => {
  const hall = await PageHall.open();
  const token = hall.slip('later-s');
  const words = wordsOf((await hall.get(token)).text);
  expect(words).toMatch(/本次服务.*2026年/);
  expect((await hall.post(token, { id: newId(), level: '4' })).status).toBe(200);
  expect(wordsOf((await hall.get(token)).text)).toContain('这次服务已评价');
});

test('after a press at the window the page says that it is rated, and of progress nothing', async () => {
  const hall = await PageHall.open();
  const token = await hall.serve('s-1');
  const from = hall.chain.headSeq + 1;
  hall.chain.rating('s-1', 1, hall.chain.press('s-1', 1));
  await hall.log.send(hall.chain, hall.chain.batch(from));
  const { text } = await hall.get(token, { cookie: `pjq-act=${newId()}` });
  expect(wordsOf(text)).toContain('这次服务已评价');
  expect(mainOf(text)).not.toMatch(/您的意见|不满意/);
});

describe('a wrong code gets one plain sentence', () => {
  const turned = (token: string, at: number) =>
    `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
  const cases: readonly (readonly [string, (hall: PageHall, token: string) => string, number, string])[] = [
    ['cut short', (_, token) => token.slice(0, 30), 400, '地址不完整'],
    ['altered', (_, token) => turned(token, 20), 403, '不是本大厅的评价器打印的'],
    ['of another hall', (_, token) => turned(token, 5), 404, '不是本大厅的'],
    ['of days ago', (hall, token) => (hall.advance(9 * DAY_MS), token), 410, '评价时间已经过了'],
  ];
  test.each(cases)('%s', async (_, make, status, words) => {
    const hall = await PageHall.open();
    const token = make(hall, await hall.serve('s-1'));
    for (const answer of [await hall.get(token), await hall.post(token, { id: newId(), level: '5' })]) {
      expect({ status: answer.status, words: wordsOf(answer.text) }).toEqual({
        status,
        words: expect.stringContaining(words),
      });
    }
    expect(hall.ratings()).toEqual([]);
  });
});

test('it speaks the language that is asked for, else that of the browser, else Chinese', async () => {
  const hall = await PageHall.open();
  const token = await hall.serve('s-1');
  const english = { 'accept-language': 'en-GB,en;q=0.9,zh;q=0.5' };
  const first = async (headers: Record<string, string>, query = '') =>
    /<html lang="([\w-]+)">/.exec((await hall.get(token, headers, query)).text)?.[1];
  expect([await first({ 'accept-language': 'de' }), await first(english), await first(english, '?lang=zh')]).toEqual([
    'zh-CN',
    'en',
    'zh-CN',
  ]);
  const { text } = await hall.get(token, english);
  // The link to the other language speaks it, and the matter's name is data.
  const rest = mainOf(text).replace('企业开办登记', '');
  expect(rest).not.toMatch(/\p{Script=Han}/u);
});

test('where the policy hands over, a good code goes on to the page of the province, with the same code and nothing else', async () => {
  const handOver = 'https://rate.example.gov.cn/go?code={token}';
  const hall = await PageHall.open({ policy: { later: { ...POLICY.later, handOver } } });
  const token = await hall.serve('s-1');
  const { status, headers } = await hall.get(token);
  expect([status, headers.get('location'), headers.get('referrer-policy')]).toEqual([
    303,
    `https://rate.example.gov.cn/go?code=${token}`,
    'no-referrer',
  ]);
  expect((await hall.get(`${token.slice(0, 42)}A`)).status).toBeGreaterThanOrEqual(400);
});

test('levels of single points are asked where the policy has them, and stand with the act', async () => {
  const indicators = [
    { code: 'attitude', zh: '服务态度', en: 'Attitude', stages: ['completion' as const], askedAt: ['phone' as const] },
    { code: 'hall', zh: '环境', en: 'Hall', stages: ['completion' as const], askedAt: ['terminal' as const] },
  ];
  const hall = await PageHall.open({ policy: { indicators } });
  const token = await hall.serve('s-1');
  const { text } = await hall.get(token);
  expect(wordsOf(text)).toContain('服务态度');
  expect(wordsOf(text)).not.toContain('环境');
  expect((await hall.post(token, { id: newId(), level: '4', 'mark.indicator.attitude': '2' })).status).toBe(200);
  expect(hall.log.rows('SELECT marks FROM rating')).toEqual([
    { marks: '[{"of":"indicator","code":"attitude","level":2}]' },
  ]);
});
