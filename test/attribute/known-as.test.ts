import { describe, expect, it } from 'vitest';
import { clickId, messageTo } from '../support/ledger.ts';
import { minutely } from '../support/minutely.ts';

const { account, nets, next, process, sweep } = minutely(async (account) => {
  await account.addSource('tracker', { profile: 'keitaro', currency: 'USD' });
});
const CLICK = clickId(7, 42);

describe('keitaro', () => {
  const told = (status: string, tid: string | null, payout = '5') => {
    const query = `subid=${CLICK}&payout=${payout}&status=${status}${tid === null ? '' : `&tid=${tid}`}`;
    return messageTo('tracker', { query, received_at: next() });
  };

  it('rejects the rebill of a transaction, and makes no third conversion', async () => {
    await process(told('sale', '1'), told('rebill', '2', '3'), told('rejected', '2', '3'));
    expect(nets()).toEqual(['1 sale approved 500', '2 rebill reversed 0']);
  });

  it('rejects the sale of a transaction without a rebill, and a lead where leads are told apart', async () => {
    await account().addSource('tracker', { profile: 'keitaro', currency: 'USD', events: { lead: 'lead' } });
    await process(told('sale', '1'), told('rejected', '1'), told('lead', '2'), told('rejected', '2'));
    expect(nets()).toEqual(['1 sale reversed 0', '2 lead rejected 0']);
  });

  it('lets the rejection of what was never told wait, and finds the rebill that comes late', async () => {
    const [rebill, rejected] = [told('rebill', '2', '3'), told('rejected', '2', '3')];
    expect(await process(rejected, rejected)).toEqual(['accepted awaiting_sale', 'accepted awaiting_sale']);
    expect(nets()).toEqual([]);
    await process(rebill);
    await sweep();
    expect(nets()).toEqual(['2 rebill reversed 0']);
    expect((await account().ledger.quarantine.list('waiting', null, 10)).found).toEqual([]);
    await process(rejected);
    expect(nets()).toEqual(['2 rebill reversed 0']);
  });

  it.each(['sale', 'rebill'])('rejects what it overtook, once that comes, and for good: %s', async (status) => {
    const [rejected, report] = [told('rejected', '2', '0'), told(status, '2', '3')];
    expect(await process(rejected, report)).toEqual(['accepted awaiting_sale', 'accepted']);
    await sweep();
    expect(nets()).toEqual([`2 ${status} reversed 0`]);
    await process(rejected, report, rejected);
    await sweep();
    expect(nets()).toEqual([`2 ${status} reversed 0`]);
    // what the sender says later counts as ever
    await process(told(status, '2', '3'));
    expect(nets()).toEqual([`2 ${status} approved 300`]);
  });

  it('rejects the sale, not the rebill that was made after the rejection', async () => {
    const [sale, rejected, rebill] = [told('sale', null), told('rejected', null), told('rebill', null, '3')];
    await process(rebill, rejected, sale);
    await sweep();
    expect(nets()).toEqual(['null rebill approved 300', 'null sale reversed 0']);
  });

  it('rejects the later of the two where no transaction is named', async () => {
    await process(told('sale', null), told('rebill', null, '3'), told('rejected', null, '3'));
    expect(nets()).toEqual(['null rebill reversed 0', 'null sale approved 500']);
  });

  it('takes words that a source maps as a status for their event as well, its own before the profile’s', async () => {
    const statuses = { trash: 'rejected', hold: 'reversed', fresh: 'pending', rebill: 'pending' };
    const events = { back: 'sale' };
    const own = { ...statuses, back: 'rejected' };
    await account().addSource('tracker', { profile: 'keitaro', currency: 'USD', statuses: own, events });
    await process(told('rebill', '1'), told('trash', '1'), told('sale', '2'), told('Hold', '2'));
    await process(told('rebill', '3'), told('back', '3'), told('fresh', '4'));
    expect(nets()).toEqual([
      '1 rebill rejected 0',
      '2 sale reversed 0',
      '3 rebill pending 500',
      '3 sale rejected 0',
      '4 sale pending 500',
    ]);
    expect(await process(told('unheard-of', '5'))).toEqual(['quarantined unknown_event']);
    const apart = `subid=${CLICK}&payout=5&tid=6&event=trash&status=rejected`;
    const strict = messageTo('tracker', { query: apart, received_at: next() });
    expect(await process(strict)).toEqual(['quarantined unknown_event']);
  });

  it('keeps the order in which they came where one batch brings both', async () => {
    await account().process(told('sale', '1'), told('rebill', '2', '3'), told('rejected', '2', '3'));
    expect(nets()).toEqual(['1 sale approved 500', '2 rebill reversed 0']);
  });
});
