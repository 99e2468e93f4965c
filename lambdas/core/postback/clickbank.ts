import { createDecipheriv, createHash } from 'node:crypto';

/**
 * ClickBank's Instant Notification Service (support.clickbank.com, article 10535147): the body is JSON `{notification, iv}`, both base64;
 * AES-256-CBC with PKCS#5 padding, the key being the first 32 characters of the hex SHA-1 of the account's secret key.
 */
const keyOf = (secret: string) => createHash('sha1').update(secret, 'utf8').digest('hex').slice(0, 32);

/** The notification in clear, as JSON text; null where the secret does not open it. Only the holder of the secret could have made it. */
export function openNotification(body: Uint8Array, secret: string): string | null {
  try {
    const { notification, iv } = JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>;
    if (typeof notification !== 'string' || typeof iv !== 'string') return null;
    const decipher = createDecipheriv('aes-256-cbc', keyOf(secret), Buffer.from(iv, 'base64'));
    const clear = decipher.update(notification, 'base64', 'utf8') + decipher.final('utf8');
    return jsonObject(clear);
  } catch {
    return null;
  }
}

/** A wrong key slips through the padding once in 256 times, but never yields a JSON object. Senders pad with control characters too. */
function jsonObject(clear: string): string | null {
  let end = clear.length;
  while (end > 0 && clear.charCodeAt(end - 1) <= 0x20) end--;
  const text = clear.slice(0, end);
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? text : null;
}
