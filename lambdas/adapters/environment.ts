import process from 'node:process';

/**
 * What the stack told a function under this name.
 * @throws Error where it is not set: the function then fails as it starts, and not at its first call
 */
export function required(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is not set`);
  return value;
}
