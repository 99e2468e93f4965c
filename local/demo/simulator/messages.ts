/** What people do with a message of the welcome journey: the truth that the reports are measured by. */
export interface MessageTraits {
  readonly id: MessageId;
  /** Days after joining on which it is sent; each person has one of them. */
  readonly days: readonly number[];
  /** Hour of the day, UTC. */
  readonly hour: number;
  readonly destination: string;
  /** Chance of a tap where it is delivered; after a tap without a purchase on an earlier message, else. */
  readonly taps: { readonly afterTap: number; readonly else: number };
  /** Chance that who taps buys because of it. */
  readonly buys: number;
  /** Chance that a purchase is made on a desktop, with the code typed, hours later. */
  readonly desktop: number;
  /** Chance that who does not tap buys on a desktop with the code all the same. */
  readonly codeOnly: number;
  /** Median of an order's value, in cents. */
  readonly value: number;
}

export const MESSAGE_IDS = ['welcome-1', 'welcome-2', 'welcome-3'] as const;
export type MessageId = (typeof MESSAGE_IDS)[number];

/**
 * The shapes of measurement.md: the welcome is tapped most and sells slowly and on desktops, the products sell best, the reminder
 * brings back those who had looked.
 */
export const MESSAGES: readonly MessageTraits[] = [
  {
    id: 'welcome-1',
    days: [0],
    hour: 9,
    destination: 'https://shop.example/welcome',
    taps: { afterTap: 0.32, else: 0.32 },
    buys: 0.18,
    desktop: 0.65,
    codeOnly: 0.03,
    value: 3_200,
  },
  {
    id: 'welcome-2',
    days: [2, 3],
    hour: 12,
    destination: 'https://shop.example/for-you',
    taps: { afterTap: 0.2, else: 0.15 },
    buys: 0.3,
    desktop: 0.1,
    codeOnly: 0.002,
    value: 8_400,
  },
  {
    id: 'welcome-3',
    days: [5, 6],
    hour: 17,
    destination: 'https://shop.example/cart',
    taps: { afterTap: 0.14, else: 0.01 },
    buys: 0.2,
    desktop: 0.15,
    codeOnly: 0.001,
    value: 4_600,
  },
];
