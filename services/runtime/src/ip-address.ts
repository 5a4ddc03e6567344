import { BlockList, isIP } from 'node:net';

/**
 * Distinguishes public addresses by the IANA special-purpose registries (RFC 6890 and its updates). An address that is
 * not certainly public counts as not public.
 */

const NOT_PUBLIC_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // this host
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT, and a metadata service (100.100.100.200)
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // Azure's host service: a public address that is reachable only from inside
  ['169.254.0.0', 16], // link-local, and most clouds' metadata service
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments, and a metadata service (192.0.0.192)
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
];

/** Within 2000::/3, the only IPv6 range with public addresses. */
const NOT_PUBLIC_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23], // protocol assignments: Teredo, benchmarks, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: holds an IPv4 address that a relay would unpack
  ['3fff::', 20], // documentation
];

const notPublicV4 = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_V4) notPublicV4.addSubnet(net, prefix, 'ipv4');
const notPublicV6 = new BlockList();
for (const [net, prefix] of NOT_PUBLIC_V6) notPublicV6.addSubnet(net, prefix, 'ipv6');

/** IPv4-mapped (RFC 4291) and the well-known NAT64 prefix (RFC 6052), whose last 32 bits are an IPv4 address. */
const CARRIES_V4 = /^(?:0{4}:){5}ffff:|^0064:ff9b:(?:0{4}:){4}/;

/** Whether text is an IP address of the public Internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublicV4.check(address, 'ipv4');
  // A zone (fe80::1%eth0) only has a meaning on a link.
  if (family !== 6 || address.includes('%')) return false;
  const groups = expand(address);
  if (CARRIES_V4.test(groups)) return !notPublicV4.check(lastAsV4(groups), 'ipv4');
  return /^[23]/.test(groups) && !notPublicV6.check(address, 'ipv6');
}

/**
 * Returns the network that limits per client count, which is an IPv4 address itself, or the /64 of an IPv6 address as
 * `2001:db8:0:1::/64`. An IPv4 address inside IPv6 (mapped, NAT64) counts as IPv4. Other text is returned unchanged.
 */
export function clientNetwork(address: string): string {
  const [plain = ''] = address.split('%');
  if (isIP(plain) !== 6) return address;
  const groups = expand(plain);
  if (CARRIES_V4.test(groups)) return lastAsV4(groups);
  const network = groups.split(':').slice(0, 4);
  return `${network.map((group) => group.replace(/^0{1,3}/, '')).join(':')}::/64`;
}

/** A valid IPv6 address as eight groups of four lower-case digits. */
function expand(address: string): string {
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = '', tail] = plain.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(':');
}

function lastAsV4(groups: string): string {
  const bits = groups.split(':').slice(6).join('');
  return [0, 2, 4, 6].map((at) => parseInt(bits.slice(at, at + 2), 16)).join('.');
}
