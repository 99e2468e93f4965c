import { each } from '../../adapters/dynamo-batches.ts';
import { IdentityStore, markKey } from '../../adapters/identity-store.ts';
import { SubscriberLookup } from '../../adapters/subscriber-lookup.ts';
import type { Mark } from '../../core/identity/addresses.ts';
import type { ClaimedClick } from '../../core/identity/claimed-click.ts';
import type { ApiServices } from '../services.ts';

/** What a click says of its visitor. */
export interface ClickClaim {
  readonly clickId: string;
  readonly click: ClaimedClick;
  readonly marks: readonly Mark[];
}

/** Binds what clicks claim, the claims of one address in their order, and has conversions that waited for it matched again. */
export async function bindClaims(claims: readonly ClickClaim[], services: ApiServices): Promise<void> {
  const numbers = claims.map(({ click }) => click.subscriberNo).filter((no) => no > 0);
  const ids = await new SubscriberLookup(services.ledgerTable).idsOf([...new Set(numbers)]);
  const store = new IdentityStore(services.ledgerTable, services.now);
  const bound = new Map<string, Mark>();
  // Whatever ends this early, the sweep matches what waited.
  await services.ledger.announce(
    [],
    [...new Map(claims.flatMap(({ marks }) => marks.map((mark) => [markKey(mark), mark]))).values()],
  );
  await each([...byMark(claims).values()], async (group) => {
    for (const { mark, claim } of group) {
      const subscriber = ids.get(claim.click.subscriberNo);
      const result =
        subscriber === undefined
          ? await store.claimByClick(mark, { id: claim.clickId, time: claim.click.time })
          : await store.claim(mark, subscriber);
      if (result === 'bound') bound.set(markKey(mark), mark);
    }
  });
  await services.rematch([...bound.values()]);
}

function byMark(claims: readonly ClickClaim[]): Map<string, { mark: Mark; claim: ClickClaim }[]> {
  const groups = new Map<string, { mark: Mark; claim: ClickClaim }[]>();
  for (const claim of claims)
    for (const mark of claim.marks) {
      const group = groups.get(markKey(mark)) ?? [];
      group.push({ mark, claim });
      groups.set(markKey(mark), group);
    }
  return groups;
}
