/** Does what a step says, through the demo's interface, and notes in the press book what was pressed and seen. */
import type { Level } from '../../protocol/index.js';
import type { DemoAnswer, DemoClient } from './demo-client.js';
import { mismatches } from './matching.js';
import type { PlannedStep } from './plan.js';
import type { PressBook, Witnessed } from './press-book.js';
import { walkSelfCheck } from './self-check-walk.js';
import { StepFailure } from './step-failure.js';
import type { SimpleStepName } from './scenario-schema.js';

export interface HandParts {
  readonly client: DemoClient;
  readonly book: PressBook;
  /** How this run marks its case numbers. */
  readonly mark: (caseNo: string) => string;
}

export type DeedName = Exclude<SimpleStepName, 'wait' | 'expect' | 'never'>;

export class Hand {
  readonly #parts: HandParts;

  constructor(parts: HandParts) {
    this.#parts = parts;
  }

  /** @throws StepFailure when it did not come out as the step says; DemoFailed. */
  async do({ name, line, content }: PlannedStep<DeedName>): Promise<void> {
    const { client, book } = this.#parts;
    const fail = (what: string): never => {
      throw new StepFailure(line, what);
    };
    const at = (terminal: number, path: string) => `/api/terminals/${terminal}/${path}`;
    switch (name) {
      case 'open':
        return judge(fail, await this.#open(content), content.refused);
      case 'press': {
        const seen = await this.#press(content.terminal, content.level);
        return content.result === 'any' || content.result === seen
          ? undefined
          : fail(`the press was to be ${content.result}, and was ${seen}`);
      }
      case 'touch': {
        const seen = await this.#touch(content.terminal, content.level);
        if (content.result === 'any') return undefined;
        const wanted = content.result === 'accepted';
        return wanted === (seen.status === 200)
          ? undefined
          : fail(`the touch was to be ${content.result}: ${told(seen)}`);
      }
      case 'rate': {
        // As a citizen would: the key first, and the screen when the lamp stays dark.
        if ((await this.#press(content.terminal, content.level)) === 'accepted') return undefined;
        const touched = await this.#touch(content.terminal, content.level);
        // The key may have been taken though its lamp was not seen; then nothing more can be asked for.
        return touched.status < 500 ? undefined : fail(`neither key nor screen took it: ${told(touched)}`);
      }
      case 'later':
        return judge(fail, await client.post(at(content.terminal, 'later'), {}), content.refused);
      case 'staff': {
        const { terminal, refused, ...deed } = content;
        return judge(fail, await client.post(at(terminal, 'staff'), deed), refused);
      }
      case 'self-check': {
        if (content.do === 'walk') return walkSelfCheck(client, content, fail);
        const { terminal, refused, ...deed } = content;
        return judge(fail, await client.post(at(terminal, 'self-check'), deed), refused);
      }
      case 'board': {
        const { terminal, ...deed } = content;
        // A key that goes down and stays may be a press at first; nobody watches its lamp.
        if (deed.do === 'stick' && deed.on) book.pressed(book.serviceAt(terminal), deed.level, 'unknown');
        return judge(fail, await client.post(at(terminal, 'board'), deed));
      }
      case 'printer': {
        const { terminal, ...deed } = content;
        return judge(fail, await client.post(at(terminal, 'printer'), deed));
      }
      case 'paper':
        return judge(fail, await client.post(at(content.terminal, 'paper'), { paper: content.paper }));
      case 'switch':
        return judge(fail, await client.post('/api/switches', content));
      case 'kill':
        return judge(fail, await client.post(`/api/processes/${content}/kill`, {}));
    }
  }

  async #open({ terminal, caseNo, matter, locally }: PlannedStep<'open'>['content']): Promise<DemoAnswer> {
    const { client, book, mark } = this.#parts;
    const marked = mark(caseNo);
    const body = { caseNo: marked, locally, ...(matter === undefined ? {} : { matter }) };
    const answer = await client.post(`/api/terminals/${terminal}/service`, body);
    // One whose answer was lost may have been opened all the same.
    if (answer.status < 400 || answer.status >= 500) book.opened(terminal, marked);
    return answer;
  }

  async #press(terminal: number, level: Level): Promise<Witnessed> {
    const { client, book } = this.#parts;
    const service = book.serviceAt(terminal);
    const { status, body } = await client.post(`/api/terminals/${terminal}/press`, { level });
    // In a self-check the key is moved for the check: it rates nothing.
    if (mismatches(body, { result: 'checked' }).length === 0) return 'accepted';
    const seen = status === 200 ? 'accepted' : status === 409 ? 'refused' : 'unknown';
    book.pressed(service, level, seen);
    return seen;
  }

  async #touch(terminal: number, level: Level): Promise<DemoAnswer> {
    const { client, book } = this.#parts;
    const service = book.serviceAt(terminal);
    const answer = await client.post(`/api/terminals/${terminal}/touch`, { level });
    // The terminal answers a touch after its commit; a refusal is one, and no answer may be either.
    book.pressed(service, level, answer.status === 200 ? 'accepted' : answer.status < 500 ? 'refused' : 'unknown');
    return answer;
  }
}

function judge(fail: (what: string) => never, answer: DemoAnswer, refused?: string): void {
  if (refused !== undefined) {
    if (answer.status < 400 || answer.code !== refused) fail(`was to be refused with ${refused}: ${told(answer)}`);
  } else if (answer.status >= 400) fail(`refused: ${told(answer)}`);
}

function told({ status, code, body }: DemoAnswer): string {
  const { detail } = (typeof body === 'object' && body !== null ? body : {}) as { detail?: unknown };
  return `${status}${code === undefined ? '' : ` ${code}`}${typeof detail === 'string' ? ` (${detail})` : ''}`;
}
