import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOpenRequest } from '../../gateway/core/open-request.js';
import { recordRequest } from '../support/record-request.js';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog } from '../ingest/hall-log.js';

const ALTERATIONS = [
  `form = 'theme'`,
  `form = NULL`,
  `cases = NULL`,
  `cases = json_remove(cases, '$[2]')`,
  `cases = json_set(cases, '$[1].caseNo', 'c-9')`,
  `cases = json_set(cases, '$[1].matter', json('{"code":"M-9"}'))`,
  `cases = 'nothing that can be read'`,
  `assessNumber = 2`,
  `followsUp = 'plain'`,
  `attributedTo = 'window'`,
  `attributedTo = NULL`,
  `department = 'D-9'`,
];

test('whatever is altered of it is found', async () => {
  const hall = await HallLog.open();
  await hall.terminal('t1');
  const cases = [{ caseNo: 'c-1', matter: { code: 'M-1', label: '一般事项' } }, { caseNo: 'c-2' }, { caseNo: 'c-3' }];
  const requests: Record<string, object> = {
    plain: { caseNo: 'c-0' },
    batch: { caseNo: 'c-1', form: 'batch', cases, handedOver: true, department: 'D-1' },
  };
  for (const [serviceId, request] of Object.entries(requests)) {
    const read = readOpenRequest({ terminal: 't1', serviceId, ...request }, { takesEvaluator: false });
    await recordRequest({ store: hall.store }, read, serviceId, hall.clock.wallMs(), 15_000);
  }
  const faults = () =>
    verifyFile(join(hall.folder, 'hall.db'), { suite: nodeSuite, publicKeys: [hall.key.publicKey] }).faults;
  expect(faults()).toEqual([]);
  const [whole] = hall.rows<Record<string, string | null>>(`SELECT * FROM service WHERE serviceId = 'batch'`);
  for (const alteration of ALTERATIONS) {
    hall.run(`UPDATE service SET ${alteration} WHERE serviceId = 'batch'`);
    expect(faults(), alteration).toEqual(['service batch is not as its entries say (what it stands for)']);
    const said = (column: string) => (whole?.[column] == null ? 'NULL' : `'${whole[column]}'`);
    const columns = ['form', 'cases', 'assessNumber', 'followsUp', 'attributedTo', 'department'];
    hall.run(
      `UPDATE service SET ${columns.map((one) => `${one} = ${said(one)}`).join(', ')} WHERE serviceId = 'batch'`,
    );
  }
  expect(faults()).toEqual([]);
  hall.run(`UPDATE service SET form = 'batch' WHERE serviceId = 'plain'`);
  expect(faults()).toEqual(['service plain is not as its entries say (what it stands for)']);
});
