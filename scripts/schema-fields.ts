/** A schema of a file as a flat list of its keys, for tables. */
import type { z } from 'zod';
import { schemaOf } from './document-schemas.js';

export interface Field {
  /** Dotted path of the key. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  /** JSON of the default, where there is one. */
  readonly preset: string | undefined;
  /** Unit and range in words; empty where there is neither. */
  readonly range: string;
  readonly description: string;
}

/** The parts of JSON Schema that configuration and policy schemas come to. */
interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string | number;
  readonly enum?: readonly (string | number)[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

interface Place {
  readonly path: readonly string[];
  readonly required: boolean;
  /** Default that an object around this key gives it. */
  readonly preset: unknown;
}

export function fieldsOf(schema: z.ZodType): Field[] {
  return walk(schemaOf(schema), { path: [], required: true, preset: undefined });
}

function walk(node: Node, place: Place): Field[] {
  const preset = node.default ?? place.preset;
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([key, child]) =>
      walk(child, {
        path: [...place.path, key],
        required: place.required && preset === undefined && (node.required?.includes(key) ?? false),
        preset: typeof preset === 'object' && preset !== null ? (preset as Record<string, unknown>)[key] : undefined,
      }),
    );
  }
  // Ways to write one part, of which a file takes one: none of their keys is required of every file.
  if (node.anyOf !== undefined) return node.anyOf.flatMap((way) => walk(way, { ...place, required: false }));
  return [
    {
      path: place.path.join('.'),
      type: typeOf(node),
      required: place.required,
      preset: preset === undefined ? undefined : JSON.stringify(preset),
      range: [unitOf(place.path.at(-1) ?? ''), rangeOf(node)].filter((part) => part !== '').join(', '),
      // The unit has a column of its own.
      description: (node.description ?? '').replace(/, (?:ms|s)$/, ''),
    },
  ];
}

function typeOf(node: Node): string {
  if (node.type === 'array') return `list of ${node.items?.type ?? 'anything'}`;
  return node.type ?? 'anything';
}

function rangeOf(node: Node): string {
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum !== undefined) return node.enum.map((one) => `\`${one}\``).join(', ');
  if (node.pattern !== undefined) return `\`${node.pattern}\``;
  const { minimum, maximum, minLength, maxLength } = node;
  if (minimum !== undefined && maximum === Number.MAX_SAFE_INTEGER) return `from ${minimum}`;
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (maxLength !== undefined) return `${minLength ?? 0} to ${maxLength} characters`;
  return minLength === 1 ? 'not empty' : '';
}

/** Durations and sizes carry their unit in the name. */
function unitOf(name: string): string {
  const units = { Ms: 'ms', Seconds: 's', Hours: 'hours', Days: 'days', Bytes: 'bytes' };
  return Object.entries(units).find(([ending]) => name.endsWith(ending))?.[1] ?? '';
}
