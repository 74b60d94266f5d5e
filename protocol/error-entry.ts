/** One row of the table of errors. */

export interface ErrorEntry {
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** What the operator does about it. */
  readonly hint: string;
  /** HTTP status where the code is answered over HTTP. */
  readonly status: number;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly recoverable: boolean;
}

export const entry = (summary: string, hint: string, status: number, recoverable = false): ErrorEntry => ({
  summary,
  hint,
  status,
  recoverable,
});
