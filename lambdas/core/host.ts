export const HOST_RULE = 'must be a host name such as go.brand.com, or default';

const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** True for a lower-case host name of at least two labels, and for `default`. */
export function isDomainId(value: string): boolean {
  return value === 'default' || HOST.test(value);
}
