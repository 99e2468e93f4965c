import { describe, expect, it } from 'vitest';
import { clickId, messageTo } from '../support/ledger.ts';
import { minutely } from '../support/minutely.ts';

const { account, later, nets, next, process, sweep } = minutely(async (account) => {
  await account.addSource('pay', { profile: 'stripe' });
  await account.addSource('site', { profile: 'generic', currency: 'USD' });
});
const CLICK = clickId(7, 42);

describe('stripe', () => {
  const event = (type: string, object: Record<string, unknown>) => {
    const received_at = next();
    const created = received_at / 1000;
    const json = { type, livemode: true, created, data: { object: { currency: 'usd', created, ...object } } };
    return messageTo('pay', { json, received_at });
  };
  const subscribed = (changes = {}) =>
    event('checkout.session.completed', {
      ...{ id: 'cs_1', payment_status: 'paid', amount_total: 900, client_reference_id: CLICK },
      ...{ invoice: 'in_1', payment_intent: null, ...changes },
    });
  const renewed = (changes = {}) =>
    event('invoice.paid', { id: 'in_2', billing_reason: 'subscription_cycle', amount_paid: 900, ...changes });
  const paid = (invoice: string, payment_intent: string) =>
    event('invoice_payment.paid', {
      id: `inpay_${invoice}`,
      invoice,
      payment: { type: 'payment_intent', payment_intent },
    });
  const refunded = (payment_intent: string, amount: number) =>
    event('refund.created', { id: `re_${payment_intent}`, payment_intent, charge: 'ch', amount, status: 'succeeded' });

  it('finds the first payment of a subscription and a renewal by the payments of their invoices', async () => {
    const outcomes = await process(subscribed(), paid('in_1', 'pi_1'), renewed(), paid('in_2', 'pi_2'));
    expect(outcomes).toEqual(['accepted', 'ignored payment_named', 'accepted', 'ignored payment_named']);
    await process(refunded('pi_1', 300), refunded('pi_2', 900));
    expect(nets()).toEqual(['in_1 sale approved 600', 'in_2 rebill approved 0']);
    expect(await sweep()).toMatchObject({ quarantined: 0 });
  });

  const first = (changes = {}) =>
    event('invoice.paid', { id: 'in_1', billing_reason: 'subscription_create', amount_paid: 900, ...changes });
  const whose = () =>
    account()
      .rows()
      .map(({ click_id, revenue_minor }) => [click_id, revenue_minor]);

  it.each([
    ['invoice first', () => [first(), subscribed()]],
    ['session first', () => [subscribed(), first()]],
    ['invoice first, though made later', () => [subscribed(), first()].toReversed()],
    ['session first, though made later', () => [first(), subscribed()].toReversed()],
    ['only the session names the order', () => [first(), subscribed({ metadata: { order_id: 'sub-1' } })]],
  ])('counts session and first invoice of a subscription once: %s', async (_, told) => {
    expect((await process(...told(), renewed())).toSorted()).toEqual(['accepted', 'accepted', 'duplicate repeat']);
    expect(nets()).toEqual(['in_1 sale approved 900', 'in_2 rebill approved 900']);
    expect(whose()[0]).toEqual([CLICK, 900]);
  });

  it('tells order and product that only the session names, though the invoice comes first', async () => {
    await process(first(), subscribed({ metadata: { order_id: 'sub-1', product: 'Plan' } }));
    expect(account().rows()).toMatchObject([{ entry: 'sale', order_id: 'sub-1', product: 'Plan' }]);
  });

  it('counts a subscription that no session made, by the click id on it, and its upgrade as a rebill', async () => {
    const parent = { subscription_details: { metadata: { click_id: CLICK, order_id: 'sub-1' } } };
    const upgrade = { id: 'in_3', billing_reason: 'subscription_update', amount_paid: 400, parent };
    await process(first({ parent }), renewed(upgrade), paid('in_1', 'pi_1'), refunded('pi_1', 100));
    expect(nets()).toEqual(['in_1 sale approved 800', 'in_3 rebill approved 400']);
    expect(
      new Set(
        account()
          .rows()
          .map(({ click_id }) => click_id),
      ),
    ).toEqual(new Set([CLICK]));
    const known = await process(messageTo('site', { query: 'order_id=sub-1&amount=9', received_at: next() }));
    expect(known).toEqual(['duplicate order_of_another_source']);
  });

  describe('beside one’s own site, where only the session names the order', () => {
    const own = () => messageTo('site', { query: 'order_id=sub-1&amount=9', received_at: next() });
    const session = () => subscribed({ metadata: { order_id: 'sub-1' } });
    const counted = () => nets().filter((net) => !net.endsWith(' rejected 0'));

    it.each([
      ['site, session, invoice', () => [own(), session(), first()], 'null'],
      ['site, invoice, session', () => [own(), first(), session()], 'null'],
      ['invoice, site, session', () => [first(), own(), session()], 'null'],
      ['invoice, session, site', () => [first(), session(), own()], 'in_1'],
    ])('counts a subscription once: %s', async (_, told, name) => {
      const messages = told();
      await process(...messages, ...messages);
      await later();
      expect(counted()).toEqual([`${name} sale approved 900`]);
      // its refund finds what counts, or is another source's affair
      await process(paid('in_1', 'pi_1'), refunded('pi_1', 300), ...messages);
      expect(counted()).toEqual([`${name} sale approved ${name === 'null' ? 900 : 600}`]);
    });

    it('counts it once where the invoice is on its way while the session comes', async () => {
      const invoice = first();
      const late = session();
      await process(own());
      let isFirst = true;
      const put = account().ledgerTable.put.bind(account().ledgerTable);
      const slow = new Proxy(account().ledgerTable, {
        get: (table, name) =>
          name === 'put'
            ? async (...args: Parameters<typeof put>) => {
                if (isFirst) await process(late);
                isFirst = false;
                return put(...args);
              }
            : Reflect.get(table, name).bind(table),
      });
      await account().deliver([invoice], { ledgerTable: slow });
      await sweep();
      expect(isFirst).toBe(false);
      expect(counted()).toEqual(['null sale approved 900']);
    });
  });

  it('begins a trial with one sale of nothing', async () => {
    const free = { payment_status: 'no_payment_required', amount_total: 0 };
    const trial = event('checkout.session.completed', {
      id: 'cs_1',
      invoice: 'in_1',
      client_reference_id: CLICK,
      ...free,
    });
    await process(first({ amount_paid: 0 }), trial, renewed());
    expect(nets()).toEqual(['in_1 sale approved 0', 'in_2 rebill approved 900']);
    expect(account().rows()).toHaveLength(2);
  });

  it('leaves out the invoice that Checkout makes of a one-off payment', async () => {
    const once = { id: 'cs_1', payment_status: 'paid', amount_total: 900, invoice: 'in_9', payment_intent: 'pi_9' };
    const invoice = { id: 'in_9', billing_reason: 'manual', amount_paid: 900, payment_intent: 'pi_9' };
    await process(event('checkout.session.completed', once), event('invoice.paid', invoice));
    expect(nets()).toEqual(['pi_9 sale approved 900']);
  });

  it('delivers what a refund came to, though it is owed under its first name too', async () => {
    const refund = refunded('pi_1', 300);
    const late = { streams: { put: () => Promise.reject(new Error('late')) } };
    for (const message of [refund, subscribed(), paid('in_1', 'pi_1'), refund])
      await account().deliver([message], late);
    account().clock.now += 600_000;
    await sweep();
    expect(nets()).toEqual(['in_1 sale approved 600']);
    const events = await account().ledger.events.get([
      `${refund.id}_0.5.0`,
      `${refund.id}_0.6.0`,
      `${refund.id}_0.7.0`,
    ]);
    expect([...events.values()].map(({ reason }) => reason)).toEqual([null]);
  });

  it('reads the payment from the invoice, as versions before 2025-03-31 tell it', async () => {
    const outcomes = await process(renewed({ payment_intent: 'pi_2' }), refunded('pi_2', 100));
    expect(outcomes).toEqual(['accepted', 'ignored payment_named', 'accepted']);
    expect(nets()).toEqual(['in_2 rebill approved 800']);
  });

  it('finds what a source calls by another event', async () => {
    await account().addSource('pay', { profile: 'stripe', events: { sale: 'signup' } });
    await process(subscribed(), paid('in_1', 'pi_1'), refunded('pi_1', 900));
    expect(nets()).toEqual(['in_1 signup approved 0']);
  });

  it('takes back what came before the names were told, at the next sweep', async () => {
    const early = await process(refunded('pi_1', 300), subscribed());
    expect(early).toEqual(['accepted awaiting_sale', 'accepted']);
    await sweep();
    expect(nets()).toEqual(['in_1 sale approved 900']);
    await process(paid('in_1', 'pi_1'));
    account().clock.now += 86_400_000;
    await sweep();
    await sweep();
    expect(nets()).toEqual(['in_1 sale approved 600']);
    expect((await account().ledger.quarantine.list('waiting', null, 10)).found).toEqual([]);
  });

  it('meets a one-off payment with an invoice by its payment', async () => {
    const session = { id: 'cs_1', payment_status: 'paid', amount_total: 900, client_reference_id: CLICK };
    const once = event('checkout.session.completed', { ...session, invoice: 'in_9', payment_intent: 'pi_9' });
    await process(once, paid('in_9', 'pi_9'), refunded('pi_9', 900));
    expect(nets()).toEqual(['pi_9 sale approved 0']);
  });

  it('takes no money back for an inquiry until the funds are withdrawn', async () => {
    await process(subscribed(), paid('in_1', 'pi_1'));
    const dispute = (type: string, status: string) =>
      event(`charge.dispute.${type}`, { id: 'dp_1', payment_intent: 'pi_1', amount: 900, status });
    expect(await process(dispute('created', 'warning_needs_response'))).toEqual(['ignored other_topic']);
    expect(nets()).toEqual(['in_1 sale approved 900']);
    await process(dispute('funds_withdrawn', 'needs_response'));
    expect(nets()).toEqual(['in_1 sale approved 0']);
    await process(dispute('closed', 'won'));
    expect(nets()).toEqual(['in_1 sale approved 900']);
  });
});
