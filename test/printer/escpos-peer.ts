/**
 * A small ESC/POS printer on TCP: real-time questions are answered at once, everything else waits in a buffer that is
 * worked off in order, and both buffer and half-read commands outlive a connection, as they do in real printers.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface PeerSlip {
  /** Rows of text, with `[QR …]` and `[raster w×h]`. */
  readonly rows: readonly string[];
}

type Cause = 'nothing' | 'paper-out' | 'near-end' | 'cover-open' | 'cutter' | 'offline';

/** Lengths of the parameters of the fixed-length commands that we send, by prefix and letter. */
const PARAMETERS: Readonly<Record<string, number>> = {
  '\x1b@': 0,
  '\x1ba': 1,
  '\x1bE': 1,
  '\x1bd': 1,
  '\x1b$': 2,
  '\x1c&': 0,
  '\x1d!': 1,
  '\x1dV': 1,
  '\x1dr': 1,
};

export class EscposPeer {
  readonly slips: PeerSlip[] = [];
  /** Every byte that was received but for real-time questions. */
  readonly received: number[] = [];
  readonly garbage: number[] = [];
  realTimeQuestions = 0;
  confirmations = 0;
  connections = 0;
  cause: Cause = 'nothing';
  /** Whether DLE EOT is answered. */
  answersStatus = true;
  /** Whether GS r is answered. */
  answersConfirmation = true;
  /** So many bytes more are worked off before the paper is out. */
  paperBytes = Infinity;
  /** The cable is cut when so many bytes more have been received. */
  cutAfterBytes = Infinity;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #incoming: number[] = [];
  #buffer: number[] = [];
  #row: number[] = [];
  #rows: string[] = [];
  #qr = '';

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#connected(socket));
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  get open(): number {
    return this.#sockets.size;
  }

  /** Bytes that are received and not worked off. */
  get held(): number {
    return this.#buffer.length;
  }

  say(...bytes: number[]): void {
    for (const socket of this.#sockets) socket.write(Buffer.from(bytes));
  }

  loadPaper(): void {
    this.paperBytes = Infinity;
    this.cause = 'nothing';
    this.#work();
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connected(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      for (const byte of chunk) {
        if (this.cutAfterBytes <= 0) return;
        this.#receive(byte);
      }
      this.#work();
    });
  }

  #receive(byte: number): void {
    this.#incoming.push(byte);
    const [first, second, n] = this.#incoming;
    if (first === 0x10 && (second === undefined || second === 0x04)) {
      if (n === undefined) return;
      this.realTimeQuestions += 1;
      if (this.answersStatus) this.say(this.#statusByte(n));
    } else {
      this.received.push(...this.#incoming);
      this.#buffer.push(...this.#incoming);
      this.cutAfterBytes -= this.#incoming.length;
      if (this.cutAfterBytes <= 0) this.cut();
    }
    this.#incoming = [];
  }

  #statusByte(n: number): number {
    const { cause } = this;
    const stopped = cause !== 'nothing' && cause !== 'near-end';
    const bits = [
      0,
      stopped ? 0x08 : 0,
      cause === 'cover-open' ? 0x04 : cause === 'paper-out' ? 0x20 : cause === 'cutter' ? 0x40 : 0,
      cause === 'cutter' ? 0x08 : 0,
      cause === 'paper-out' ? 0x6c : cause === 'near-end' ? 0x0c : 0,
    ];
    return 0x12 | (bits[n] ?? 0);
  }

  #work(): void {
    while (this.cause === 'nothing' || this.cause === 'near-end') {
      const length = this.#nextLength();
      if (length === undefined || length > this.#buffer.length) return;
      if (this.paperBytes < length) {
        this.cause = 'paper-out';
        return;
      }
      this.paperBytes -= length;
      this.#do(this.#buffer.splice(0, length));
    }
  }

  #nextLength(): number | undefined {
    const [first, second, third, low = 0, high = 0] = this.#buffer;
    if (first === undefined) return undefined;
    if (first > 0x80) return 2;
    if (first !== 0x1b && first !== 0x1c && first !== 0x1d) return 1;
    if (second === undefined) return undefined;
    const name = String.fromCharCode(first, second);
    if (name === '\x1d(') return this.#buffer.length < 5 ? undefined : third === 0x6b ? 5 + low + high * 256 : 3;
    if (name === '\x1dv') {
      const [, , , , xl = 0, xh = 0, yl = 0, yh = 0] = this.#buffer;
      return this.#buffer.length < 8 ? undefined : 8 + (xl + xh * 256) * (yl + yh * 256);
    }
    return 2 + (PARAMETERS[name] ?? 0);
  }

  #do(bytes: number[]): void {
    const name = bytes[0] === undefined || bytes[0] > 0x1f ? '' : String.fromCharCode(...bytes.slice(0, 2));
    if (bytes[0] === 0x0a) this.#endRow();
    else if (bytes[0] === 0x00) return;
    else if (name === '') this.#row.push(...bytes);
    else if (name === '\x1d(') this.#symbol(bytes);
    else if (name === '\x1dv')
      this.#rows.push(`[raster ${(bytes[4] ?? 0) * 8}×${(bytes[6] ?? 0) + (bytes[7] ?? 0) * 256}]`);
    else if (name === '\x1b@') this.#row = [];
    else if (name === '\x1b$') this.#row.push(0x20);
    else if (name === '\x1bd') for (let n = bytes[2] ?? 0; n > 0; n -= 1) this.#endRow();
    else if (name === '\x1dV') this.#cutPaper();
    else if (name === '\x1dr') this.#confirm();
    else if (!(name in PARAMETERS)) this.garbage.push(...bytes);
  }

  #endRow(): void {
    this.#rows.push(new TextDecoder('gb18030').decode(Uint8Array.from(this.#row)));
    this.#row = [];
  }

  #symbol(bytes: number[]): void {
    if (bytes[2] !== 0x6b) this.garbage.push(...bytes);
    else if (bytes[6] === 80) this.#qr = Buffer.from(bytes.slice(8)).toString();
    else if (bytes[6] === 81) this.#rows.push(`[QR ${this.#qr}]`);
  }

  #cutPaper(): void {
    this.slips.push({ rows: this.#rows.filter((row) => row !== '') });
    this.#rows = [];
  }

  #confirm(): void {
    this.confirmations += 1;
    if (this.answersConfirmation) this.say(this.cause === 'near-end' ? 0x03 : 0x00);
  }
}

/** A peer that listens, and is closed with the test. */
export async function startPeer(port = 0): Promise<{ peer: EscposPeer; port: number }> {
  const peer = new EscposPeer();
  const listening = await peer.listen(port);
  onTestFinished(() => peer.close());
  return { peer, port: listening };
}
