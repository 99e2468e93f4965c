import { describe, expect, it } from 'vitest';
import { interpret } from '../../../lambdas/core/postback/interpret.ts';
import { sampleRequest } from '../../../lambdas/core/postback/sample.ts';
import { unreadParameters } from '../../../lambdas/core/postback/unread.ts';
import { profiles } from '../../../lambdas/core/profiles/index.ts';
import { CLICK, interpreterOf, NOW, requestOf } from './senders.ts';

const names = Object.keys(profiles).filter((name) => profiles[name]?.reports === 'conversions');

function sampled(name: string, source: Record<string, unknown> = {}) {
  const by = interpreterOf(name, source);
  const request = sampleRequest({ ...by, clickId: CLICK, now: NOW });
  const items = interpret(request, by);
  return { request, items, unread: unreadParameters(request, by.profile, by.source, items) };
}
const conversion = (name: string, source: Record<string, unknown> = {}) => {
  const [item] = sampled(name, source).items;
  return item?.outcome === 'conversion' ? item.conversion : item;
};

describe('a made-up message', () => {
  it.each(names)('of %s is read as a sale of the click, whole and without a note', (name) => {
    const { items, unread } = sampled(name);
    expect(items).toMatchObject([
      { outcome: 'conversion', notes: [], conversion: { click_id: CLICK, entry: 'sale', event: 'sale' } },
    ]);
    expect(unread).toEqual([]);
    const [item] = items;
    expect(item?.outcome === 'conversion' && item.conversion.money?.revenue).toBeGreaterThan(0);
  });

  it('stands under the names, in the notation and the currency of its source', () => {
    const source = {
      params: { click_id: 'our click', payout: '$.data.pay' },
      notation: 'decimal_comma',
      currency: 'EUR',
    };
    const { request } = sampled('everflow', source);
    expect(request.query).toContain(`our%20click=${CLICK}`);
    expect(request.query).toContain('data.pay=20%2C00');
    expect(conversion('everflow', source)).toMatchObject({
      click_id: CLICK,
      money: { revenue: 2_000, currency: 'EUR' },
    });
    expect(conversion('generic', { notation: 'minor' })).toMatchObject({ money: { revenue: 4_990 } });
    const shop = { params: { click_id: 'note_attributes[name=cid].value', promo_code: 'x' } };
    expect(conversion('shopify', shop)).toMatchObject({ click_id: CLICK });
    expect(conversion('woocommerce', { params: { status: '@x-status' } })).toMatchObject({ status: 'approved' });
    expect(conversion('generic', { events: { sale: 'lead', bought: 'sale' } })).toMatchObject({ event: 'sale' });
  });
});

describe('parameters that nothing is read from', () => {
  it('are named, those of conditions and signatures not', () => {
    const by = interpreterOf('generic');
    const request = requestOf({ query: `click_id=${CLICK}&ammount=5&amount=5&sig=x&sig_time=1&tags[]=a` });
    expect(unreadParameters(request, by.profile, by.source, interpret(request, by))).toEqual(['ammount', 'tags[]']);
  });

  it('are not those of a list that a source reads', () => {
    const by = interpreterOf('generic', { params: { promo_code: 'codes[]', product: 'lines[].name' } });
    const request = requestOf({ query: `click_id=${CLICK}&amount=5&codes=a&codes=b` });
    const items = interpret(request, by);
    expect(items).toMatchObject([{ conversion: { promo_codes: ['a', 'b'] }, notes: [] }]);
    expect(unreadParameters(request, by.profile, by.source, items)).toEqual([]);
    const single = requestOf({ query: `click_id=${CLICK}&amount=5&codes=a` });
    expect(interpret(single, by)).toMatchObject([{ conversion: { promo_codes: ['a'] } }]);
    const lines = requestOf({
      json: { click_id: CLICK, amount: 5, lines: [{ name: '' }, { name: 'Boots' }, { name: 'Hat' }] },
    });
    expect(interpret(lines, by)).toMatchObject([{ conversion: { product: 'Boots' } }]);
  });

  it('are not looked for in the documents of shops', () => {
    const by = interpreterOf('shopify');
    const request = requestOf({ query: 'a=1', json: {} });
    expect(unreadParameters(request, by.profile, by.source, interpret(request, by))).toEqual([]);
  });
});
