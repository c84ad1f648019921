// The zip of an evidence archive for verify-archive.mjs, held to evidence.md: the files that its directory lists, back
// to back from the first byte, the directory, the end record, and nothing else.
import { createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { createInflateRaw } from 'node:zlib';

const FULL = 0xffffffff, DESCRIBED = 8, KNOWN = 0x080e;      // flags: level, a descriptor follows, names in UTF-8
const must = (isSo, offset, what) => { if (!isSo) throw new Error(`at byte ${offset} of the zip ${what}.`); };
// What is so large that a Number does not tell it exactly is larger than any file, and so refused.
const wide = (bytes, offset) => Number(bytes.readBigUInt64LE(offset));
// Sizes that have no room stand in the one extra field that may be, in their order, and no other size does.
const widened = (sizes, extra, offset) => {
  const count = sizes.filter(one => one === FULL).length;
  must(count === 0 ? extra.length === 0
    : extra.length === 4 + 8 * count && extra.readUInt16LE(0) === 1 && extra.readUInt16LE(2) === 8 * count,
  offset, 'an extra field stands that an archive does not have');
  let from = -4;
  return sizes.map(one => one === FULL ? wide(extra, from += 8) : one);
};

export const isZip = path => {
  const magic = Buffer.alloc(4);
  return readSync(openSync(path), magic, 0, 4, 0) === 4 && magic.toString('latin1') === 'PK\x03\x04';
};

// name -> where its packed bytes begin, how many they are, how long it is, whether it is not compressed.
export function readZip(path) {
  const file = openSync(path), size = fstatSync(file).size, files = new Map();
  const at = (offset, length, what) => {
    must(offset <= size - length, offset, `${what} should stand whole`);
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, offset);
    return bytes;
  };
  let behind = Math.max(0, size - 22);
  const end = at(behind, 22, 'the end record');
  must(end.readUInt32LE(0) === 0x06054b50, behind,
    'the end record of the zip should stand: it is cut off, or something stands behind it');
  must(end.readUInt32LE(4) === 0 && end.readUInt16LE(8) === end.readUInt16LE(10) && end.readUInt16LE(20) === 0, behind,
    'the end record tells of other disks, or of a comment');
  let [count, length, start] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  if (count === 0xffff || length === FULL || start === FULL) {                       // zip64
    behind = Math.max(0, behind - 76);
    const all = at(behind, 76, 'the end record of zip64'), told = [32, 40, 48].map(o => wide(all, o));
    must(all.readUInt32LE(0) === 0x06064b50 && wide(all, 4) === 44 && wide(all, 16) === 0 && wide(all, 24) === told[0]
      && all.readUInt32LE(56) === 0x07064b50 && all.readUInt32LE(60) === 0 && wide(all, 64) === behind
      && all.readUInt32LE(72) === 1, behind, 'the end record of zip64 should stand');
    must([[count, 0xffff], [length, FULL], [start, FULL]].every(([one, full], i) => one === full || one === told[i]),
      behind, 'both end records should say the same');
    [count, length, start] = told;
  }
  must(start <= behind && length === behind - start, behind,
    `the end record stands, and should behind a directory of ${length} bytes that begins at ${start}`);
  must(length <= 1 << 20, start, 'the directory is larger than it can be');
  const table = at(start, length, 'the directory');
  let [p, next] = [0, 0];
  for (; count > 0; count--) {
    const here = start + p;
    must(p + 46 <= length && table.readUInt32LE(p) === 0x02014b50, here, 'an entry of the directory should stand');
    const [nameBytes, extraBytes, noteBytes] = [28, 30, 32].map(o => table.readUInt16LE(p + o));
    const entry = table.subarray(p, p += 46 + nameBytes + extraBytes + noteBytes), called = entry.subarray(46, 46 + nameBytes);
    must(p <= length, here, 'an entry of the directory goes on behind its end');
    const [flags, method, name] = [entry.readUInt16LE(8), entry.readUInt16LE(10), called.toString()];
    must(noteBytes === 0 && entry.readUInt16LE(34) === 0, here, `${name} has a comment, or is on another disk`);
    must((flags & ~KNOWN) === 0 && (method === 8 || method === 0 && !(flags & DESCRIBED)), here,
      `${name} is packed in a way that an archive is not`);
    const [bytes, packed, offset] = widened([24, 20, 42].map(o => entry.readUInt32LE(o)), entry.subarray(46 + nameBytes), here);
    must(packed <= size && (method === 8 || packed === bytes), here, `${name} has sizes that cannot be`);
    must(offset === next, next, `${name} should begin, which the directory has at ${offset}`);

    const head = at(next, 30 + nameBytes, name);
    must(head.readUInt32LE(0) === 0x04034b50 && head.subarray(6, 14).equals(entry.subarray(8, 16))
      && head.readUInt16LE(26) === nameBytes && head.subarray(30).equals(called), next,
    `${name} should begin with what the directory says of it`);
    const extra = at(next + head.length, head.readUInt16LE(28), name), crc = head.readUInt32LE(14);
    const sizes = widened([22, 18].map(o => head.readUInt32LE(o)), extra, next);
    if (flags & DESCRIBED)
      must(crc === 0 && sizes[0] === 0 && sizes[1] === 0 && extra.length === 0, next, `${name} tells its checksum and size twice`);
    else
      must(crc === entry.readUInt32LE(16) && sizes[0] === bytes && sizes[1] === packed, next,
        `${name} has another checksum or size than in the directory`);
    must(!files.has(name), here, `${name} stands, and did before`);
    files.set(name, { start: next + head.length + extra.length, packed, bytes, isPlain: method === 0 });
    next += head.length + extra.length + packed;
    if (flags & DESCRIBED) {
      const isWide = bytes > FULL || packed > FULL, told = at(next, isWide ? 24 : 16, name);
      const [packedHere, bytesHere] = isWide ? [wide(told, 8), wide(told, 16)] : [told.readUInt32LE(8), told.readUInt32LE(12)];
      must(told.readUInt32LE(0) === 0x08074b50 && told.readUInt32LE(4) === entry.readUInt32LE(16) && packedHere === packed
        && bytesHere === bytes, next, `${name} should end with the checksum and sizes that the directory says`);
      next += told.length;
    }
  }
  must(p === length, start + p, 'the end record should stand');
  must(next === start, next, `the directory should begin, which is at ${start}`);
  return files;
}

// What a file holds, in pieces. Finds at its end whether it was as long as is told of it, packed and unpacked.
export async function* unpack(path, name, { start, packed, bytes, isPlain }) {
  let [seen, used] = [0, packed];
  if (packed > 0) {
    const raw = createReadStream(path, { start, end: start + packed - 1, highWaterMark: 1 << 20 });
    const inflate = createInflateRaw({ chunkSize: 1 << 18 });
    raw.on('error', e => inflate.destroy(e));
    inflate.on('error', () => {});        // whoever reads is told by its own; who has stopped reading, not at all
    for await (const chunk of isPlain ? raw : raw.pipe(inflate)) {
      seen += chunk.length;
      yield chunk;
    }
    if (!isPlain) used = inflate.bytesWritten;
  }
  // Bytes between the end of what is compressed and where the next file begins are a place to hide one.
  if (seen !== bytes || used !== packed) throw new Error(`${name}, from byte ${start} of the zip, is not as long as is told of it.`);
}
