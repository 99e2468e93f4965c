import { DEAL_AT, type DealId, type OfferId, PAUSED_AT, type Payout, type Visit } from '../simulator/affiliate.ts';
import { callsOf } from '../simulator/affiliate-truth.ts';
import type { Person } from '../simulator/people.ts';
import { MINUTE } from '../simulator/time.ts';
import { type AffiliateSetup, LEAD_EVENT } from './affiliate-setup.ts';
import { Network } from './networks.ts';
import { tellSends } from './sends.ts';
import type { Stage } from './stage.ts';

/** Plays an affiliate campaign: two deals, two networks, an offer that is paused, postbacks that come in pieces and twice. */
export class AffiliatePlay {
  readonly #stage: Stage;
  readonly #setup: AffiliateSetup;
  readonly #networks: Readonly<Record<OfferId, Network>>;
  readonly #codes = new Map<string, string>();

  constructor(stage: Stage, setup: AffiliateSetup) {
    this.#stage = stage;
    this.#setup = setup;
    const { client } = stage;
    const { shoes, bags } = setup.postbackUrls;
    this.#networks = {
      shoes: new Network(client, shoes, { parameter: 'sub1', macro: 'sub1' }, LEAD_EVENT),
      bags: new Network(client, bags, { parameter: 'aff_click_id', macro: 'aff_click_id' }, '0'),
    };
  }

  /** Puts everything on the agenda. */
  schedule(people: readonly Person[], visits: readonly Visit[], start: number): void {
    const { agenda, client } = this.#stage;
    for (const [deal, after] of Object.entries(DEAL_AT) as [DealId, number][])
      agenda.add(start + after, () => this.#send(deal, people, start + after));
    for (const visit of visits) {
      agenda.add(visit.at, () => this.#visit(visit));
      if (visit.payout) this.#scheduleCalls(visit.offer, visit.payout);
    }
    agenda.add(start + PAUSED_AT, () => client.call('PATCH', '/v1/offers/shoes', { status: 'paused' }));
  }

  #scheduleCalls(offer: OfferId, payout: Payout): void {
    for (const { at, status } of callsOf(payout))
      this.#stage.agenda.add(at, () => this.#networks[offer].tell(payout, status));
  }

  async #send(deal: DealId, people: readonly Person[], at: number): Promise<void> {
    const { client, agenda } = this.#stage;
    const list = people.map(({ id, email }) => ({ subscriber_id: id, email }));
    const rows: { subscriber_id: string; code: string }[] = await client.call(
      'POST',
      `/v1/links/${this.#setup.links[deal]}/recipients`,
      list,
    );
    for (const { subscriber_id, code } of rows) this.#codes.set(`${subscriber_id}/${deal}`, code);
    const messages = rows.map(({ subscriber_id, code }) => ({ id: `${deal}/${subscriber_id}`, code }));
    const tell = (type: 'sent' | 'delivered', time: number) => () =>
      tellSends(
        client,
        messages.map((one) => ({ ...one, type })),
        time,
      );
    agenda.add(at + MINUTE, tell('sent', at + MINUTE));
    agenda.add(at + 2 * MINUTE, tell('delivered', at + 2 * MINUTE));
  }

  async #visit({ person, deal, offer, method, agent, payout }: Visit): Promise<void> {
    const code = this.#codes.get(`${person.id}/${deal}`) ?? '';
    const address = `198.51.100.${(person.index % 250) + 1}`;
    const url = await this.#stage.client.tap({ host: this.#stage.shortHost, code, method, agent, address });
    if (payout) this.#networks[offer].arrived(payout.txn, url);
  }
}
