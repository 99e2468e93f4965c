import type { ReportRequest } from '../../sql/catalog.ts';
import { DAY_MS, type LakeShape } from './lake-shape.ts';

/** Asks a report for all days of a lake by campaign, under the standard terms: last touch, seven days, human clicks. */
export function requestOf({ from, days }: LakeShape): ReportRequest {
  const to = from + days * DAY_MS;
  return {
    from,
    to,
    tz: 'UTC',
    by: ['campaign'],
    filters: {},
    limit: 500,
    offset: 0,
    asOf: to,
    terms: {
      choice: { model: 'last', window: null, half_life: '7d', actors: ['human'], as_of: null, mature: false },
      rules: {
        currency: 'USD',
        window: '7d',
        campaign_windows: {},
        offer_windows: {},
        events: ['sale', 'lead', 'signup', 'install'],
        campaign_events: {},
        promo_codes: true,
      },
    },
  };
}
