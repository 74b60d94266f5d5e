/**
 * The part of @node-escpos/core 0.6 that is used here. Its own types name an adapter class that only its own
 * transports are of; all that `flush` calls of one is `write`.
 */
declare module '@node-escpos/core' {
  interface ByteSink {
    write(bytes: Buffer, written: (error: Error | null) => void): void;
  }

  /** Collects commands; `flush` hands them to the adapter, within the call. */
  class Printer {
    constructor(adapter: ByteSink, options: { encoding: string; width?: number });
    /** Text in the printer's encoding, without and with a line feed. */
    pureText(text: string): this;
    text(text: string): this;
    /** Bytes as they are. */
    print(bytes: Buffer | string): this;
    align(align: 'lt' | 'ct' | 'rt'): this;
    size(width: number, height: number): this;
    feed(lines: number): this;
    hardware(command: 'init'): this;
    /** `feed` counts line feeds before the cut. */
    cut(partial: boolean, feed: number): this;
    flush(): Promise<this>;
  }

  const command: { readonly TEXT_FORMAT: { readonly TXT_BOLD_ON: string; readonly TXT_BOLD_OFF: string } };
  export { Printer, command };
}
