import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processMessages } from '../../lambdas/adapters/attribution/process.ts';
import { rematch } from '../../lambdas/adapters/attribution/rematch.ts';
import { IdentityStore } from '../../lambdas/adapters/identity-store.ts';
import type { Matcher } from '../../lambdas/adapters/matcher.ts';
import { ledgerKey } from '../../lambdas/contract/keys.ts';
import { clickId, emailHash, matchOf, messageTo, NOW, startLedger, type TestLedger } from '../support/ledger.ts';

let account: TestLedger;
beforeEach(async () => {
  account = await startLedger();
  await account.addSource('site', { profile: 'generic' });
  await account.addLink(7, { campaign_id: 'summer' });
  await account.addSubscriber('anna', 42);
});
afterEach(() => account.close());

describe('a key that turns up later', () => {
  const late = { kind: 'email', value: emailHash('carol@example.com') } as const;

  it('matches what waited for it, with all its entries', async () => {
    await matchOf(account, { email: 'carol@example.com', phone: '+4915112345678' });
    await account.process(
      messageTo('site', { query: 'order_id=1&amount=1&event=refund&refund_id=1', received_at: NOW + 1 }),
    );
    expect(await rematch([late], account.ledger)).toBe(0);
    await account.addSubscriber('carol', 44, { email: late.value });
    expect(await rematch([late], account.ledger)).toBe(1);
    expect(
      account.rows().map(({ entry, match, version, subscriber_id }) => [entry, match, version, subscriber_id]),
    ).toEqual([
      ['sale', 'identity', 2, 'carol'],
      ['refund', 'identity', 2, 'carol'],
    ]);
    expect(await rematch([late], account.ledger)).toBe(0);
  });

  it('is not missed, whoever is faster', async () => {
    const orders = Array.from({ length: 20 }, (_, at) => `late${at}@example.com`);
    await Promise.all(
      orders.flatMap((email, at) => [
        account.process(messageTo('site', { query: `order_id=o${at}&amount=5&email=${email}` })),
        account
          .addSubscriber(`late${at}`, 100 + at, { email: emailHash(email) })
          .then(() => rematch([{ kind: 'email', value: emailHash(email) }], account.ledger)),
      ]),
    );
    expect(account.rows().filter(({ match }) => match === 'identity')).toHaveLength(20);
  });

  it('is not missed where it gets its meaning after a worker looked and before it saves, nor by a message that brings it', async () => {
    const { ledger } = account;
    let binds = 0;
    const bindLate: Matcher['match'] = async (keys, id) => {
      const found = await ledger.matcher.match(keys, id);
      if (keys.email === null || binds++ > 0) return found;
      await account.addSubscriber('carol', 44, { email: late.value });
      await rematch([late], ledger);
      return found;
    };
    const slow = { ...ledger, matcher: Object.assign(Object.create(ledger.matcher), { match: bindLate }) };
    const enter = (query: string, id: string) => processMessages([messageTo('site', { query, id })], slow);
    await enter('order_id=1&amount=5&email=carol@example.com', 'whole');
    expect(account.rows()).toMatchObject([{ match: 'identity', subscriber_id: 'carol' }]);
    await account.ledgerTable.delete(ledgerKey.identity('email', late.value));
    await account.ledgerTable.delete(ledgerKey.subscriber('carol'));
    binds = 0;
    await enter('order_id=2&amount=5', 'without');
    await enter('order_id=2&amount=5&email=carol@example.com', 'with');
    expect(account.rows().filter(({ order_id }) => order_id === '2')).toMatchObject([{ match: 'identity' }]);
  });

  it('may be the click of an unknown visitor who gave the address', async () => {
    const visit = clickId(7, 0, 9);
    const identities = new IdentityStore(account.ledgerTable, account.services.now);
    const mark = { kind: 'email', hash: late.value } as const;
    await identities.claimByClick(mark, { id: visit, time: NOW - 3_600_000 });
    const seen = { match: 'identity', click_id: visit, link_no: 7, campaign_id: 'summer', subscriber_no: null };
    expect(await matchOf(account, { email: 'carol@example.com' })).toMatchObject({ ...seen, version: 1 });
    await account.addSubscriber('carol', 44, { email: late.value });
    expect(await rematch([late], account.ledger)).toBe(1);
    expect(account.rows()).toMatchObject([{ match: 'identity', subscriber_id: 'carol', click_id: null, version: 2 }]);
  });

  it('changes nothing of who clicked, but tells whom identity names', async () => {
    await matchOf(account, { click_id: clickId(7, 42), email: 'carol@example.com' });
    await account.addSubscriber('carol', 44, { email: late.value });
    await account.addLink(7, { campaign_id: 'renamed' });
    expect(await rematch([late], account.ledger)).toBe(1);
    expect(account.rows()).toMatchObject([
      { match: 'click_id', campaign_id: 'summer', subscriber_no: 42, identity_subscriber_no: 44, match_conflict: true },
    ]);
  });
});
