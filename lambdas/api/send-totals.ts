import { readPriceList } from '../adapters/price-list.ts';
import { type Fault, fault, invalid, parseInput } from '../core/api/problem.ts';
import { ID_PATTERN } from '../core/entities/fields.ts';
import { middleOfDay, type TotalsOf, totalRow, totalsInput } from '../core/sends/totals-input.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import type { ApiServices } from './services.ts';
import { readSettings } from './settings-routes.ts';

const ID_RULE = 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -';

/** Puts the totals of a message and day, creative and segment; putting them again replaces what was put. */
export async function putTotals(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { campaign_id = '', message_id = '', date = '' } = request.params;
  const of: TotalsOf = { campaign_id, message_id, date };
  const ts = middleOfDay(date, (await readSettings(services)).time_zone);
  const faults = pathFaults(of, ts);
  if (faults.length > 0 || ts === null) throw invalid(faults);
  const totals = parseInput(totalsInput, request.body);
  const prices = await readPriceList(services.linksTable, [campaign_id]);
  await services.streams.put('send_totals', [totalRow(of, ts, totals, services.now(), prices(campaign_id))]);
  return { status: 200, body: { ...of, ...totals } };
}

function pathFaults({ date, ...ids }: TotalsOf, ts: number | null): Fault[] {
  const bad = Object.entries(ids).filter(([, id]) => !ID_PATTERN.test(id));
  const dateFaults = ts === null ? [fault('date', 'invalid', 'must be a date such as 2026-06-01')] : [];
  return [...bad.map(([name]) => fault(name, 'invalid', ID_RULE)), ...dateFaults];
}
