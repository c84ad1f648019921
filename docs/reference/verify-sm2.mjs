// SM2 signatures (GM/T 0003.2) over SM3 for verify-archive.mjs: Node.js has SM3, but OpenSSL cannot be told the
// customary user id 1234567812345678 through it. Slow and plain; it verifies only, so it holds no secret.
import { createHash } from 'node:crypto';

const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn, A = P - 3n;
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const G = [0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n];

const sm3 = (...parts) => createHash('sm3').update(Buffer.concat(parts)).digest();
const bytes = n => Buffer.from(n.toString(16).padStart(64, '0'), 'hex');
const number = b => BigInt(`0x${b.toString('hex') || '0'}`);
const mod = x => ((x % P) + P) % P;
const inverse = x => {
  let [a, b, u, v] = [mod(x), P, 1n, 0n];
  while (a > 1n) { const q = b / a; [a, b, u, v] = [b % a, a, v - q * u, u]; }
  return mod(u);
};
const plus = (p, q) => {
  if (!p || !q) return p ?? q;
  if (p[0] === q[0] && mod(p[1] + q[1]) === 0n) return null;
  const k = p[0] === q[0] ? (3n * p[0] * p[0] + A) * inverse(2n * p[1]) : (q[1] - p[1]) * inverse(q[0] - p[0]);
  const x = mod(k * k - p[0] - q[0]);
  return [x, mod(k * (p[0] - x) - p[1])];
};
const times = (n, p) => { let sum = null; for (; n > 0n; n >>= 1n, p = plus(p, p)) if (n & 1n) sum = plus(sum, p); return sum; };

export function verifySm2(message, key, signature) {
  const point = key.export({ type: 'spki', format: 'der' }).subarray(-64);
  const [x, y] = [number(point.subarray(0, 32)), number(point.subarray(32))];
  const at = 4 + signature[3];                      // DER: 30 length, 02 length r, 02 length s
  const [r, s] = [number(signature.subarray(4, at)), number(signature.subarray(at + 2))];
  const t = (r + s) % N;
  if (r < 1n || r >= N || s < 1n || s >= N || t === 0n || mod(y * y - x * x * x - A * x - B) !== 0n) return false;
  const z = sm3(Buffer.from([0, 128]), Buffer.from('1234567812345678'), ...[A, B, ...G].map(bytes), point);
  const sum = plus(times(s, G), times(t, [x, y]));
  return sum !== null && (number(sm3(z, message)) + sum[0]) % N === r;
}
