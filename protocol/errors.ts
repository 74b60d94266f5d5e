/** Errors that carry a code of the table. */
import { ERRORS } from './error-table.js';

export { ERRORS, type ErrorEntry } from './error-table.js';

export type ErrorCode = keyof typeof ERRORS;

/** An error with a stable code, its cause, and the hint that its table entry gives. */
export class PjqError extends Error {
  override readonly name = 'PjqError';
  readonly code: ErrorCode;
  /** Further facts for the operator; never evaluator data, never a level. */
  readonly detail: string | undefined;

  constructor(code: ErrorCode, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? ERRORS[code].summary : `${ERRORS[code].summary} ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }

  get hint(): string {
    return ERRORS[this.code].hint;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

export function isPjqError(error: unknown, code?: ErrorCode): error is PjqError {
  return error instanceof PjqError && (code === undefined || error.code === code);
}

/** Whether the same call may succeed later without anybody changing anything. */
export function isRecoverable(error: unknown): boolean {
  return error instanceof PjqError && ERRORS[error.code].recoverable;
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text);
}
