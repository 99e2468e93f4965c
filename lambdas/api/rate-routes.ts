import { fault, invalid, parseInput } from '../core/api/problem.ts';
import { isDate, rateRows, ratesInput } from '../core/rates-input.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import type { ApiServices } from './services.ts';

export const rateRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: '/v1/rates/{date}',
    success: 200,
    scopes: ['admin'],
    summary: 'Put the exchange rates of a day (UTC), in place of those put before',
    tag: 'settings',
    input: ratesInput,
    run: put,
  },
];

/** Rates are rows of the lake; reports take the newest put of a day, so putting again is safe. */
async function put(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { date = '' } = request.params;
  if (!isDate(date)) throw invalid([fault('date', 'invalid', 'must be a date such as 2026-06-01')]);
  const rates = parseInput(ratesInput, request.body);
  await services.streams.put('rates', rateRows(date, rates, services.now()));
  return { status: 200, body: { date, ...rates } };
}
