import type { Journey, Message, Tap } from '../simulator/journey.ts';
import type { MessageId } from '../simulator/messages.ts';
import type { Order } from '../simulator/orders.ts';
import { DAY, HOUR, MINUTE } from '../simulator/time.ts';
import { type Arm, ordersOf } from '../simulator/truth.ts';
import { type SendTold, tellSends } from './sends.ts';
import { Shop, Site } from './shop.ts';
import type { Stage } from './stage.ts';
import type { WelcomeSetup } from './welcome-setup.ts';

/** What only the system decides: who is in which arm, and the codes it gave. */
export interface Played {
  readonly arms: ReadonlyMap<string, Arm>;
  /** Rows of lists in the holdout that got a code or another arm than before: none, where the system is right. */
  readonly wronglyMinted: number;
}

interface Minted {
  readonly code: string;
  readonly promoCode: string;
}

/** A row of a minted list. */
interface Row {
  readonly subscriber_id: string;
  readonly code: string | null;
  readonly promo_code: string | null;
  readonly arm: Arm;
}

/** Plays the welcome journey: everything that people, phones, the shop and the provider do, through the real endpoints. */
export class WelcomePlay {
  readonly #stage: Stage;
  readonly #links: WelcomeSetup['links'];
  readonly #shop: Shop;
  readonly #site: Site;
  readonly #arms = new Map<string, Arm>();
  /** By person and message. */
  readonly #minted = new Map<string, Minted>();
  /** Click id of the latest tap, by person and message. */
  readonly #clicks = new Map<string, string>();
  #wronglyMinted = 0;

  constructor(stage: Stage, { links, shopSecret, siteUrl }: WelcomeSetup) {
    this.#stage = stage;
    this.#links = links;
    this.#shop = new Shop(stage.client, shopSecret);
    this.#site = new Site(stage.client, siteUrl);
  }

  get played(): Played {
    return { arms: this.#arms, wronglyMinted: this.#wronglyMinted };
  }

  /** Puts the lists of every day on the agenda; what follows from each goes there when it is minted. */
  schedule(journeys: readonly Journey[]): void {
    const lists = new Map<string, { at: number; id: MessageId; rows: [Journey, Message][] }>();
    for (const journey of journeys)
      for (const message of journey.messages) {
        const { at, id } = message;
        const list = lists.get(`${id}/${at}`) ?? { at, id, rows: [] };
        lists.set(`${id}/${at}`, list);
        list.rows.push([journey, message]);
      }
    for (const { at, id, rows } of lists.values()) this.#stage.agenda.add(at, () => this.#sendList(id, at, rows));
  }

  async #sendList(id: MessageId, at: number, rows: readonly [Journey, Message][]): Promise<void> {
    const list = rows.map(([{ person }]) => ({ subscriber_id: person.id, email: person.email, phone: person.phone }));
    const answer: Row[] = await this.#stage.client.call('POST', `/v1/links/${this.#links[id]}/recipients`, list);
    const messaged: Message[] = [];
    const told: [SendTold, Message][] = [];
    for (const [at, row] of answer.entries()) {
      const [journey, message] = rows[at] as [Journey, Message];
      this.#note(id, row);
      if (id === 'welcome-1') this.#scheduleOrders(journey);
      if (row.code === null) continue;
      messaged.push(message);
      told.push([{ id: `${id}/${row.subscriber_id}`, code: row.code, type: 'sent' }, message]);
      for (const tap of message.taps) this.#stage.agenda.add(tap.at, () => this.#tap(row.subscriber_id, id, tap));
    }
    this.#scheduleReceipts(at, told);
  }

  #note(id: MessageId, { subscriber_id, code, promo_code, arm }: Row): void {
    const before = this.#arms.get(subscriber_id) ?? arm;
    if (before !== arm || (arm === 'holdout') !== (code === null)) this.#wronglyMinted += 1;
    this.#arms.set(subscriber_id, arm);
    if (code !== null && promo_code !== null)
      this.#minted.set(`${subscriber_id}/${id}`, { code, promoCode: promo_code });
  }

  /** The provider tells that messages went out, some minutes later how they fared, and some of it twice. */
  #scheduleReceipts(at: number, told: readonly [SendTold, Message][]): void {
    const { agenda, client } = this.#stage;
    const sent = told.map(([one]) => one);
    const receipts = told.map(([one, { fate }]) => ({ ...one, type: fate }));
    const answers = told.filter(([, { optsOut }]) => optsOut).map(([one]) => ({ ...one, type: 'opt_out' as const }));
    agenda.add(at + MINUTE, () => tellSends(client, sent, at + MINUTE));
    agenda.add(at + 2 * MINUTE, () => tellSends(client, receipts, at + 2 * MINUTE));
    agenda.add(at + 12 * HOUR, () => tellSends(client, [...receipts.slice(0, 50), ...answers], at + 2 * MINUTE));
  }

  async #tap(person: string, id: MessageId, { by, method, agent }: Tap): Promise<void> {
    const code = this.#minted.get(`${person}/${id}`)?.code ?? '';
    const address = by === 'person' ? `198.51.100.${Number(person.slice(-2)) + 1}` : '203.0.113.9';
    const target = await this.#stage.client.tap({ host: this.#stage.shortHost, code, method, agent, address });
    if (by === 'person') this.#clicks.set(`${person}/${id}`, target.searchParams.get('click_id') ?? '');
  }

  #scheduleOrders(journey: Journey): void {
    for (const { order } of ordersOf(journey, this.#arms)) if (order.telling !== 'lost') this.#tellOf(order, journey);
  }

  #tellOf(order: Order, { person }: Journey): void {
    const { agenda } = this.#stage;
    const { at, cause, telling, soldBy } = order;
    const copies = { once: [0], lost: [], repeated: [0, MINUTE, 26 * HOUR], late: [25 * HOUR], twice: [0] }[telling];
    const key = `${person.id}/${cause}`;
    const click = () => (order.via === 'phone' ? (this.#clicks.get(key) ?? '') : '');
    const checkout = () => ({
      clickId: click() || null,
      promoCode: order.via === 'desktop' ? typed(this.#minted.get(key)?.promoCode ?? '', order.id) : null,
    });
    const told = () => (soldBy === 'shop' ? this.#shop.ordered(order, checkout()) : this.#site.ordered(order, click()));
    for (const delay of copies) agenda.add(at + delay, told);
    // The site's own list of the day's orders.
    if (telling === 'twice') agenda.add(at + DAY, () => this.#site.ordered(order, click()));
    const teller = soldBy === 'shop' ? this.#shop : this.#site;
    for (const refund of order.refunds) {
      agenda.add(refund.at, () => teller.refunded(order, refund));
      if (telling === 'repeated') agenda.add(refund.at + DAY / 2, () => teller.refunded(order, refund));
    }
  }
}

/** People type codes as they like. */
function typed(code: string, luck: number): string {
  return luck % 3 === 0 ? code.toLowerCase() : luck % 3 === 1 ? ` ${code.replace('-', '')}` : code;
}
