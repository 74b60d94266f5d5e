/** What lies on the paper between two cuts, as the mechanism printed it. Lengths are dots. */
import type { Dots } from './dots.js';

/** `wide` is a Chinese cell of 24 by 24; `A` is 12 by 24, `B` is 9 by 17. */
export type CellKind = 'wide' | 'A' | 'B';

export const CELLS: Readonly<Record<CellKind, { readonly width: number; readonly height: number }>> = {
  wide: { width: 24, height: 24 },
  A: { width: 12, height: 24 },
  B: { width: 9, height: 17 },
};

export interface CharacterItem {
  readonly kind: 'character';
  readonly character: string;
  readonly cell: CellKind;
  /** From the left edge of its line. */
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly timesWide: number;
  readonly timesHigh: number;
  readonly bold: boolean;
  /** Thickness of the underline. */
  readonly underline: 0 | 1 | 2;
  readonly inverse: boolean;
  readonly turned: boolean;
}

export interface BitsItem {
  readonly kind: 'bits';
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly dots: Dots;
}

export type LineItem = CharacterItem | BitsItem;

/** Where on the paper's width a thing stands: the print area, and its side in it. */
export interface Placement {
  readonly left: number;
  readonly areaWidth: number;
  readonly align: 'left' | 'center' | 'right';
}

export type Band =
  | (Placement & {
      readonly kind: 'line';
      readonly items: readonly LineItem[];
      readonly width: number;
      /** The paper moves on by this, at least the height of its tallest item. */
      readonly advance: number;
      readonly upsideDown: boolean;
    })
  | { readonly kind: 'feed'; readonly dots: number; readonly lines: number }
  | (Placement & {
      readonly kind: 'qr';
      readonly data: Uint8Array;
      readonly dots: Dots;
    })
  | (Placement & { readonly kind: 'raster'; readonly dots: Dots })
  | (Placement & {
      readonly kind: 'barcode';
      readonly data: string;
      readonly symbology: string;
      readonly height: number;
      readonly text: 'none' | 'above' | 'below' | 'both';
    })
  | { readonly kind: 'cut'; readonly partial: boolean };

export interface Slip {
  /** From 1, since the printer was switched on. */
  readonly n: number;
  /** When its first band was printed, ms since 1970. */
  readonly at: number;
  /** Whether it has been cut off. */
  readonly complete: boolean;
  readonly bands: readonly Band[];
}
