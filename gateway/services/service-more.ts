/** What the gateway knows of a service beyond what its terminal is told: as its entry says it, and as its row holds it. */
import { serviceMoreSchema, type ServiceMore } from '../../protocol/index.js';
import type { ServiceTable } from '../store/schema.js';

export type MoreColumns = Pick<
  ServiceTable,
  'form' | 'cases' | 'assessNumber' | 'followsUp' | 'attributedTo' | 'department'
>;

export function moreColumns(more: ServiceMore | undefined): MoreColumns {
  const { form, cases, assessNumber, followsUp, attributedTo, department } = more ?? {};
  return {
    form: form ?? null,
    cases: cases === undefined ? null : JSON.stringify(cases),
    assessNumber: assessNumber ?? null,
    followsUp: followsUp ?? null,
    attributedTo: attributedTo ?? null,
    department: department ?? null,
  };
}

/** @returns `undefined` where the row says nothing of it, so that its entry does not either. */
export function moreOf(row: MoreColumns): ServiceMore | undefined {
  const { cases, ...plain } = row;
  const said = Object.entries({
    form: plain.form,
    cases: cases === null ? null : (JSON.parse(cases) as unknown),
    assessNumber: plain.assessNumber,
    followsUp: plain.followsUp,
    attributedTo: plain.attributedTo,
    department: plain.department,
  }).filter(([, value]) => value !== null);
  return said.length === 0 ? undefined : serviceMoreSchema.parse(Object.fromEntries(said));
}
