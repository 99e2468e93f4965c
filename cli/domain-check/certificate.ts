import { type ConnectionOptions, checkServerIdentity, connect, type PeerCertificate } from 'node:tls';
import { about, type Finding } from './finding.ts';
import { type Network, PATIENCE_MS } from './network.ts';

/** ACM renews 60 days before the end; what is nearer has been waiting for something. */
const RENEWAL_DAYS = 45;
const DAY_MS = 86_400_000;

interface Shaken {
  readonly certificate: PeerCertificate;
  readonly protocol: string | null;
  /** Why the chain is not trusted; empty where it is. */
  readonly chainFault: string;
}

/** Looks at the certificate that a name shows, and at the oldest TLS it takes. */
export async function checkCertificate(name: string, address: string, network: Network): Promise<Finding[]> {
  const { fail } = about('certificate');
  try {
    const shaken = await shake(name, address, network, {});
    return [...certificateFindings(name, shaken, network.now()), await oldest(name, address, network, shaken.protocol)];
  } catch (error) {
    const todo =
      'deploy the domain and point its record to the distribution; without a distribution of that name CloudFront ends the connection';
    return [fail(`no TLS connection: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`, todo)];
  }
}

function certificateFindings(name: string, { certificate, chainFault }: Shaken, now: number): Finding[] {
  const { ok, warn, fail } = about('certificate');
  const wrongName = checkServerIdentity(name, certificate);
  const names = (certificate.subjectaltname ?? '').replaceAll('DNS:', '') || 'no name';
  const days = Math.floor((Date.parse(certificate.valid_to) - now) / DAY_MS);
  const issuer = certificate.issuer?.O ?? certificate.issuer?.CN ?? 'unknown';
  const findings = [
    wrongName
      ? fail(`is for ${names}, not for ${name}`, 'the record leads to another site: see DNS above')
      : ok(`is for ${name}, by ${String(issuer)}`),
  ];
  if (chainFault !== '' && days >= 0)
    findings.push(
      fail(`is not trusted by browsers (${chainFault})`, 'use a certificate of ACM or of another public authority'),
    );
  if (days < 0)
    findings.push(
      fail(`ended ${-days} days ago`, 'renew it; ACM does so itself while its validation record is in DNS'),
    );
  else if (days < RENEWAL_DAYS)
    findings.push(
      warn(
        `ends in ${days} days`,
        'ACM renews 60 days before: is its validation record (_….acm-validations.aws) still in DNS?',
      ),
    );
  else findings.push(ok(`is valid for ${days} more days`));
  return findings;
}

/** Security level 0 lets this side offer what OpenSSL would refuse. */
const OLD: ConnectionOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };

async function oldest(name: string, address: string, network: Network, now: string | null): Promise<Finding> {
  const { ok, warn } = about('TLS');
  try {
    const { protocol } = await shake(name, address, network, OLD);
    return warn(
      `takes ${protocol}, which is broken`,
      'set minimumProtocolVersion to TLSv1.2_2021; a deployed custom domain has it',
    );
  } catch {
    return ok(`${now ?? 'TLS'} is spoken, TLS 1.1 and older are refused`);
  }
}

function shake(name: string, host: string, { dial, ca }: Network, options: ConnectionOptions): Promise<Shaken> {
  const endpoint = dial({ host, port: 443 });
  const settings = {
    ...endpoint,
    servername: name,
    rejectUnauthorized: false,
    ...(ca !== undefined && { ca }),
    ...options,
  };
  return new Promise((resolve, reject) => {
    const socket = connect(settings, () => {
      const fault = socket.authorized ? '' : String(socket.authorizationError);
      const certificate = socket.getPeerCertificate();
      const chainFault = /ALTNAME|EXPIRED/.test(fault) ? '' : fault;
      resolve({ certificate, protocol: socket.getProtocol(), chainFault });
      socket.end();
    });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('error', reject);
  });
}
