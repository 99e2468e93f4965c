interface UserError {
  readonly code: string | null;
  readonly field: readonly string[];
  readonly message: string;
}

interface BasicInput {
  readonly title?: string;
  readonly code?: string;
  readonly startsAt?: string;
  readonly endsAt?: string | null;
  readonly usageLimit?: number | null;
  readonly appliesOncePerCustomer?: boolean;
  readonly context?: { readonly all?: string };
  readonly customerGets?: {
    readonly value?: {
      readonly percentage?: number;
      readonly discountAmount?: { amount: string; appliesOnEachItem: boolean };
    };
    readonly items?: { readonly all?: boolean };
  };
}

interface Job {
  readonly id: string;
  readonly codes: readonly { readonly code: string; readonly errors: readonly UserError[] }[];
  polls: number;
}

/** What the shop keeps: discounts, their codes, jobs. Codes are unique in a shop, whatever their case. */
export class FakeShop {
  readonly currency: string;
  readonly discounts = new Map<string, { title: string; input: BasicInput }>();
  /** Code in upper case → id of its discount. */
  readonly codes = new Map<string, string>();
  /** Codes that the shop refuses for a reason of its own. */
  readonly refused = new Set<string>();
  /** Times a job is asked for before it is done. */
  pollsUntilDone = 1;
  /** Jobs that run and are not asked for yet, most of them at once. */
  mostJobs = 0;
  readonly #jobs = new Map<string, Job>();
  #open = 0;

  constructor(currency: string) {
    this.currency = currency;
  }

  addDiscount(title: string, input: BasicInput): string {
    const id = `gid://shopify/DiscountCodeNode/${1_000 + this.discounts.size}`;
    this.discounts.set(id, { title, input });
    if (input.code) this.codes.set(input.code.toUpperCase(), id);
    return id;
  }

  /** Resolvers of the schema. */
  readonly root = {
    shop: () => ({ id: 'gid://shopify/Shop/1', name: 'Fake', currencyCode: this.currency }),
    codeDiscountNode: ({ id }: { id: string }) => this.#node(id),
    codeDiscountNodeByCode: ({ code }: { code: string }) => this.#node(this.codes.get(code.toUpperCase())),
    codeDiscountNodes: ({ query = '' }: { query?: string }) => {
      const title = /^title:'(.*)'$/.exec(query)?.[1]?.toLowerCase();
      const found = [...this.discounts].filter(([, discount]) => discount.title.toLowerCase().includes(title ?? ''));
      return { nodes: found.map(([id]) => this.#node(id)) };
    },
    discountRedeemCodeBulkCreation: ({ id }: { id: string }) => this.#job(id),
    discountCodeBasicCreate: ({ basicCodeDiscount: input }: { basicCodeDiscount: BasicInput }) => {
      const userErrors = this.#faultsOf(input);
      const id = userErrors.length === 0 ? this.addDiscount(input.title ?? '', input) : undefined;
      return { codeDiscountNode: this.#node(id), userErrors };
    },
    discountRedeemCodeBulkAdd: ({ discountId, codes }: { discountId: string; codes: readonly { code: string }[] }) => {
      if (!this.discounts.has(discountId))
        return { bulkCreation: null, userErrors: [userError('INVALID', 'discountId', 'Discount does not exist.')] };
      return { bulkCreation: this.#startJob(discountId, codes), userErrors: [] };
    },
  };

  #node(id: string | undefined) {
    const discount = id === undefined ? undefined : this.discounts.get(id);
    return discount ? { id, codeDiscount: this.#basic(discount) } : null;
  }

  #basic({ title, input }: { title: string; input: BasicInput }) {
    const { percentage, discountAmount } = input.customerGets?.value ?? {};
    const value =
      percentage === undefined
        ? {
            __typename: 'DiscountAmount',
            amount: { amount: `${Number(discountAmount?.amount)}.0`, currencyCode: this.currency },
            appliesOnEachItem: discountAmount?.appliesOnEachItem,
          }
        : { __typename: 'DiscountPercentage', percentage };
    const endsAt = input.endsAt ? input.endsAt.replace('.000Z', 'Z') : null;
    return { __typename: 'DiscountCodeBasic', ...input, title, endsAt, customerGets: { value } };
  }

  #faultsOf({ title, code, startsAt, context, customerGets }: BasicInput): UserError[] {
    const { percentage, discountAmount } = customerGets?.value ?? {};
    return [
      ...(title ? [] : [userError('BLANK', 'title', "Title can't be blank")]),
      ...(startsAt ? [] : [userError('BLANK', 'startsAt', "Starts at can't be blank")]),
      ...(context?.all === 'ALL' ? [] : [userError('BLANK', 'context', "Context can't be blank")]),
      ...(customerGets?.items?.all ? [] : [userError('BLANK', 'customerGets', "Items can't be blank")]),
      ...((percentage === undefined) !== (discountAmount === undefined)
        ? []
        : [userError('INVALID', 'customerGets', 'Give one value')]),
      ...(percentage === undefined || (percentage > 0 && percentage <= 1)
        ? []
        : [userError('VALUE_OUTSIDE_RANGE', 'customerGets', 'Value must be between 0.0 and 1.0')]),
      ...(code ? this.#codeFaults(code) : [userError('BLANK', 'code', "Code can't be blank")]),
    ];
  }

  #codeFaults(code: string): UserError[] {
    if (this.codes.has(code.toUpperCase()))
      return [userError('TAKEN', 'code', 'Code must be unique. Please try a different code.')];
    return this.refused.has(code) ? [userError('INVALID', 'code', 'Code is reserved.')] : [];
  }

  #startJob(discountId: string, codes: readonly { code: string }[]) {
    const results = codes.map(({ code }) => {
      const errors = this.#codeFaults(code);
      if (errors.length === 0) this.codes.set(code.toUpperCase(), discountId);
      return { code, errors };
    });
    const job: Job = {
      id: `gid://shopify/DiscountRedeemCodeBulkCreation/${this.#jobs.size + 1}`,
      codes: results,
      polls: 0,
    };
    this.#jobs.set(job.id, job);
    this.#open += 1;
    this.mostJobs = Math.max(this.mostJobs, this.#open);
    return this.#shown(job);
  }

  #job(id: string) {
    const job = this.#jobs.get(id);
    if (!job) return null;
    job.polls += 1;
    if (job.polls === this.pollsUntilDone) this.#open -= 1;
    return this.#shown(job);
  }

  /** A job says `done` when it begins to run, and its counts grow while it does. */
  #shown({ id, codes, polls }: Job) {
    const failed = codes.filter(({ errors }) => errors.length > 0).length;
    const isRunning = polls >= this.pollsUntilDone - 1;
    const hasRun = polls >= this.pollsUntilDone;
    return {
      id,
      done: isRunning,
      codesCount: codes.length,
      importedCount: hasRun ? codes.length - failed : 0,
      failedCount: hasRun ? failed : 0,
      codes: ({ first = 0 }: { first?: number }) => ({ nodes: hasRun ? codes.slice(0, first) : [] }),
    };
  }
}

const userError = (code: string, field: string, message: string): UserError => ({ code, field: [field], message });
