/** A step that did not come out as the scenario says. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  /** Where the step stands; 0 for what is checked without being asked. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
