import type { z } from 'zod';

/** One fault of the input: where, a code for programs, a sentence for people. */
export interface Fault {
  /** Dotted path into the input, e.g. `rules.0.when.os`; empty for the whole. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Malformed request',
  401: 'Token missing or not valid',
  403: 'Token lacks a scope',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Changed in between',
  413: 'Too large',
  415: 'Unsupported content type',
  422: 'Input has faults',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Temporarily unavailable',
};

/** An answer that is not the one asked for, as RFC 9457 describes it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** Stable word for programs. */
  readonly code: string;
  readonly faults: readonly Fault[];
  /** Members beside the standard ones, such as `required_scope`. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    faults: readonly Fault[] = [],
    extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.faults = faults;
    this.extra = extra;
  }

  /** The problem document. */
  toDocument(requestId: string): Record<string, unknown> {
    return {
      type: `urn:onehop:problem:${this.code}`,
      title: TITLES[this.status] ?? 'Error',
      status: this.status,
      code: this.code,
      detail: this.message,
      errors: this.faults,
      request_id: requestId,
      ...this.extra,
    };
  }
}

/** Everything that is wrong with an input, at once. */
export function invalid(faults: readonly Fault[]): Problem {
  const [first] = faults;
  const detail =
    faults.length === 1 && first ? `${first.path || 'input'}: ${first.message}` : `${faults.length} faults, see errors`;
  return new Problem(422, 'invalid', detail, faults);
}

export const fault = (path: string, code: string, message: string): Fault => ({ path, code, message });

/** Faults of a failed parse, one for each unknown field, with the path a person can find. */
export function faultsOf(error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [fault(path, codeOf(issue), messageOf(issue))];
    return issue.keys.map((key) => fault(path ? `${path}.${key}` : key, 'unknown_field', 'is not a known field'));
  });
}

/** The schema's own words where it has some; the validator's, made readable, where it has none. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type')
    return issue.message.endsWith('received undefined') ? 'is missing' : `must be ${article(issue.expected)}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  return issue.message
    .replace(/^Too small: expected \w+ to/, 'is too small: must')
    .replace(/^Too big: expected \w+ to/, 'is too large: must');
}

const article = (type: string) => (type === 'array' || type === 'object' ? `an ${type}` : `a ${type}`);

const codeOf = (issue: z.core.$ZodIssue) => (issue.code === 'custom' ? 'invalid' : issue.code);

/**
 * Parses an input by its schema.
 * @throws Problem 422 with every fault
 */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const result = schema.safeParse(input);
  if (!result.success) throw invalid(faultsOf(result.error));
  return result.data;
}
