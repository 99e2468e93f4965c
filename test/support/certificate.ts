import { generate } from 'selfsigned';

/** A key and a certificate that it signs itself, for these names; made anew, so that none ever expires in the repository. */
export async function selfSigned(names: readonly string[], days = 90, now = Date.now()) {
  const { private: key, cert } = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    keyType: 'ec',
    notBeforeDate: new Date(now - 86_400_000),
    notAfterDate: new Date(now + days * 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) }],
  });
  return { key, cert };
}
