import type { Campaign } from '../../lambdas/core/entities/campaign.ts';
import { CliError } from '../cli-error.ts';
import type { ShopifyAdmin } from './admin.ts';

type Promo = NonNullable<Campaign['promo']>;

/** A discount of the shop that codes are added to. */
export interface Discount {
  readonly id: string;
  readonly title: string;
  /** True where this run made it, together with its first code. */
  readonly isNew: boolean;
}

interface UserError {
  readonly code: string | null;
  readonly message: string;
}

interface BasicDiscount {
  readonly __typename: string;
  readonly title?: string;
  readonly endsAt?: string | null;
  readonly usageLimit?: number | null;
  readonly appliesOncePerCustomer?: boolean;
  readonly customerGets?: {
    readonly value: { readonly percentage?: number; readonly amount?: { readonly amount: string } };
  };
}

interface DiscountNode {
  readonly id: string;
  readonly codeDiscount: BasicDiscount;
}

const FIELDS = `id codeDiscount { __typename ... on DiscountCodeBasic { title endsAt usageLimit appliesOncePerCustomer
  customerGets { value { ... on DiscountPercentage { percentage } ... on DiscountAmount { amount { amount } } } } } }`;

const SHOP = 'query OnehopShop { shop { currencyCode } }';
const BY_CODE = `query OnehopDiscountByCode($code: String!) { codeDiscountNodeByCode(code: $code) { ${FIELDS} } }`;
const BY_TITLE = `query OnehopDiscountByTitle($query: String!) {
  codeDiscountNodes(first: 10, query: $query) { nodes { ${FIELDS} } } }`;
const BY_ID = `query OnehopDiscountById($id: ID!) { codeDiscountNode(id: $id) { ${FIELDS} } }`;
const CREATE = `mutation OnehopDiscountCreate($discount: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $discount) { codeDiscountNode { id } userErrors { code field message } } }`;

export interface DiscountRequest {
  readonly title: string;
  readonly promo: Promo;
  /** The first code to push; a discount is made with it, and found by it. */
  readonly firstCode: string;
  /** Time from which a new discount is valid, epoch ms. */
  readonly now: number;
}

/**
 * The discount that this campaign's codes belong to: the one that has the first code, or the title, else a new one, made from
 * the campaign's promo: valid once for each code and once for each customer, on everything in the shop.
 * @throws CliError where the shop's discount gives something else than the campaign promises
 */
export async function findOrCreateDiscount(shop: ShopifyAdmin, request: DiscountRequest): Promise<Discount> {
  const { title, promo, firstCode } = request;
  const found = (await byCode(shop, firstCode)) ?? (await byTitle(shop, title));
  if (found) return checked(found, promo);
  await checkCurrency(shop, promo);
  const { discountCodeBasicCreate: made } = await shop.call<{
    discountCodeBasicCreate: { codeDiscountNode: { id: string } | null; userErrors: readonly UserError[] };
  }>(CREATE, { discount: inputOf(request) });
  if (made.codeDiscountNode) return { id: made.codeDiscountNode.id, title, isNew: true };
  // The answer of an earlier try may have been lost: then the code is there by now.
  const late = made.userErrors.some(isTaken) ? await byCode(shop, firstCode) : null;
  if (late) return checked(late, promo);
  throw new CliError(
    'Shopify refuses the discount',
    made.userErrors.map(({ message }) => message),
  );
}

/** A discount that was named; what it gives is the namer's business. @throws CliError where it is none with codes */
export async function discountById(shop: ShopifyAdmin, id: string): Promise<Discount> {
  const gid = /^\d+$/.test(id) ? `gid://shopify/DiscountCodeNode/${id}` : id;
  const { codeDiscountNode } = await shop.call<{ codeDiscountNode: DiscountNode | null }>(BY_ID, { id: gid });
  if (!codeDiscountNode) throw new CliError(`the shop has no discount with codes of the id ${id}`);
  return { id: codeDiscountNode.id, title: codeDiscountNode.codeDiscount.title ?? '', isNew: false };
}

/** Id of the discount that a code belongs to; null where the shop does not have it. */
export async function ownerOf(shop: ShopifyAdmin, code: string): Promise<string | null> {
  return (await byCode(shop, code))?.id ?? null;
}

/** True where Shopify says that a code is there already. */
export function isTaken({ code, message }: UserError): boolean {
  return code === 'TAKEN' || /must be unique|already been taken/i.test(message);
}

async function byCode(shop: ShopifyAdmin, code: string): Promise<DiscountNode | null> {
  return (await shop.call<{ codeDiscountNodeByCode: DiscountNode | null }>(BY_CODE, { code })).codeDiscountNodeByCode;
}

async function byTitle(shop: ShopifyAdmin, title: string): Promise<DiscountNode | null> {
  const { codeDiscountNodes } = await shop.call<{ codeDiscountNodes: { nodes: readonly DiscountNode[] } }>(BY_TITLE, {
    query: `title:'${title}'`,
  });
  return codeDiscountNodes.nodes.find(({ codeDiscount }) => codeDiscount.title === title) ?? null;
}

async function checkCurrency(shop: ShopifyAdmin, { type, currency }: Promo): Promise<void> {
  if (type !== 'fixed') return;
  const { currencyCode } = (await shop.call<{ shop: { currencyCode: string } }>(SHOP, {})).shop;
  if (currency !== null && currency !== currencyCode)
    throw new CliError(
      `the campaign's promo is in ${currency}, the shop sells in ${currencyCode}: Shopify takes amounts in its own currency only`,
    );
}

/**
 * Limits count for each code, not for all of a discount together
 * (https://community.shopify.dev/t/scope-of-usagelimit-for-discounts-with-multiple-codes-via-discountredeemcodebulkadd/12269).
 */
function inputOf({ title, promo, firstCode, now }: DiscountRequest) {
  const value =
    promo.type === 'percentage'
      ? { percentage: shareOf(promo.value) }
      : { discountAmount: { amount: promo.value, appliesOnEachItem: false } };
  return {
    title,
    code: firstCode,
    startsAt: new Date(now).toISOString(),
    endsAt: promo.expires_at,
    usageLimit: 1,
    appliesOncePerCustomer: true,
    context: { all: 'ALL' },
    customerGets: { value, items: { all: true } },
  };
}

/** Shopify writes 10 % as 0.1. */
function shareOf(percent: string): number {
  const share = Number(percent) / 100;
  if (share > 0 && share <= 1) return share;
  throw new CliError(`the campaign's promo takes off ${percent} %: Shopify takes more than 0 and at most 100`);
}

/** @throws CliError with every difference between the shop's discount and the campaign's promo */
function checked({ id, codeDiscount }: DiscountNode, promo: Promo): Discount {
  const differences = differencesOf(codeDiscount, promo);
  if (differences.length === 0) return { id, title: codeDiscount.title ?? '', isNew: false };
  throw new CliError(`the shop has a discount for these codes that is not the campaign's (${id})`, [
    ...differences,
    `change it in the shop or the campaign, or add --discount-id ${id} to take it as it is`,
  ]);
}

function differencesOf(discount: BasicDiscount, promo: Promo): string[] {
  if (discount.__typename !== 'DiscountCodeBasic') return [`it is a ${discount.__typename}, not an amount off`];
  const { percentage, amount } = discount.customerGets?.value ?? {};
  const given = percentage === undefined ? Number(amount?.amount) : percentage;
  const promised = promo.type === 'percentage' ? Number(promo.value) / 100 : Number(promo.value);
  const isSameKind = (percentage !== undefined) === (promo.type === 'percentage');
  const ends = (time: string | null | undefined) => (time ? Date.parse(time) : null);
  return [
    ...(isSameKind && Math.abs(given - promised) < 1e-9
      ? []
      : [
          `it takes off ${given}${percentage === undefined ? '' : ' of 1'}, the campaign promises ${promo.value} (${promo.type})`,
        ]),
    ...(ends(discount.endsAt) === ends(promo.expires_at)
      ? []
      : [`it ends ${discount.endsAt ?? 'never'}, the campaign's promo ${promo.expires_at ?? 'never'}`]),
    ...(discount.usageLimit === 1
      ? []
      : [`a code of it can be used ${discount.usageLimit ?? 'any number of'} times, not once`]),
  ];
}
