/** How entries move what stands at the counter. Pure: record in, record out. */
import type { EntryBody } from '../../protocol/index.js';
import type { CounterRecord, Draft, LoggedMoment } from './session-log.js';

export const EMPTY_RECORD: CounterRecord = { staffNo: null, pausedFor: null, service: null, press: null };

export function project(record: CounterRecord, draft: Draft, moment: LoggedMoment): CounterRecord {
  switch (draft.kind) {
    case 'duty.on':
      return { ...record, staffNo: draft.body.staffNo };
    case 'duty.off':
      return { ...record, staffNo: null };
    case 'pause':
      return { ...record, pausedFor: draft.body.reason };
    case 'resume':
      return { ...record, pausedFor: null };
    case 'service.opened':
      return { ...record, service: { ...factsOf(draft.body), opened: moment }, press: null };
    case 'press':
      return pressed(record, draft.body, moment);
    case 'reasons':
      return record.press?.id === draft.body.pressId
        ? { ...record, press: { ...record.press, ...moreOf(draft.body) } }
        : record;
    case 'receipt':
      return record.service?.serviceId === draft.body.serviceId
        ? { ...record, service: { ...record.service, slip: true } }
        : record;
    case 'rating':
    case 'unrated':
      return record.service?.serviceId === draft.body.serviceId ? { ...record, service: null, press: null } : record;
    default:
      return record;
  }
}

function factsOf(body: EntryBody<'service.opened'>) {
  const { serviceId, caseNo, stage, matter, matters, staffNo } = body;
  return {
    serviceId,
    caseNo,
    stage,
    ...(matter ? { matter } : {}),
    ...(matters ? { matters } : {}),
    ...(staffNo === undefined ? {} : { staffNo }),
  };
}

/** The last that was said of a press, whole. */
function moreOf({ codes, list, marks = [] }: EntryBody<'reasons'>) {
  return { reasons: codes, list, marks };
}

function pressed(record: CounterRecord, body: EntryBody<'press'>, moment: LoggedMoment): CounterRecord {
  if (record.service?.serviceId !== body.serviceId) return record;
  return { ...record, press: { id: body.id, level: body.level, first: record.press?.first ?? moment, last: moment } };
}
