// Checks an evidence archive of the Jifu payment ledger with plain Node.js: a second opinion on `jifu audit verify`.
//
//   node verify-archive.mjs ARCHIVE.zip PUBLIC_KEY.pem [CHECKPOINTS.txt]
//
// Exit code 0: good. 1: something is not as it was written. 2: cannot be checked: no archive, a later version, a file of
// keys or checkpoints that holds none. The format is told in evidence.md.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { verifySm2 } from './verify-sm2.mjs';
import { isZip, readZip, unpack } from './verify-zip.mjs';

const sha = (...parts) => { const h = createHash('sha256'); for (const part of parts) h.update(part); return h.digest(); };
const leaf = link => sha(Buffer.from([0]), link), node = (left, right) => sha(Buffer.from([1]), left, right);
// Positions, versions and batches are BigInt: of numbers from 2 ** 53 on, Number cannot tell all apart.
const number = (bytes, offset) => bytes.readBigInt64BE(offset);
// So are the whole numbers of manifest.json, which has no member of this name.
const wholes = text => {
  JSON.parse(text, (name, value) => {
    if (name === 'whole') throw new Error('manifest.json is no list of contents');
    return value;
  });
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, one => /^-?\d+$/.test(one) ? `{"whole":"${one}"}` : one);
  return JSON.parse(marked, (_, value) => typeof value?.whole === 'string' ? BigInt(value.whole) : value);
};
const refuse = what => { console.log(what); process.exit(2); };
let [found, lowest] = [0, null];
const wrong = (position, what) => {          // '-' for what is not about an event
  if (++found <= 20) console.log(`position ${position}: ${what}`);
  if (position !== '-' && (lowest === null || position < lowest)) lowest = position;
};

const [path, keyFile, outsideFile] = process.argv.slice(2);
if (!path || !keyFile) refuse('usage: node verify-archive.mjs ARCHIVE.zip PUBLIC_KEY.pem [CHECKPOINTS.txt]');
const given = (name, read) => { try { return read(name); } catch (e) { return refuse(`${name}: ${e.message}`); } };
const keys = new Map();      // by key id
given(keyFile, name => {
  for (const [pem, kind] of readFileSync(name, 'utf8').matchAll(/-----BEGIN ([^-]+)-----[^-]+-----END \1-----/g)) {
    if (kind !== 'PUBLIC KEY') throw new Error(`a ${kind} is no public key`);
    const key = createPublicKey(pem), der = key.export({ type: 'spki', format: 'der' }), bits = key.asymmetricKeyDetails?.modulusLength;
    const isSm2 = der.includes(Buffer.from('06082a811ccf5501822d', 'hex'));       // the curve's object identifier
    if (!isSm2 && !(key.asymmetricKeyType === 'rsa' && bits >= 2048 && bits <= 8192))
      throw new Error('a public key is RSA of 2048 to 8192 bits, or SM2');
    keys.set(sha(der).toString('hex').slice(0, 16), key);
  }
  if (keys.size === 0) throw new Error('there is no public key in it');
});
const isSigned = (message, lines, what, position = '-') => {
  const [, id, algorithm, base64] = /^key: (.*)\nalgorithm: (.*)\nsignature: (.*)\n?$/.exec(lines) ?? [];
  const [key, signature] = [keys.get(id), Buffer.from(base64 ?? '', 'base64')];
  const isGood = key && (algorithm === 'sm2-sm3' ? verifySm2(message, key, signature)
    : algorithm === 'rsa-pkcs1v15-sha256' && verify('sha256', message, key, signature));
  if (!isGood) wrong(position, `${what} is not signed by a key that you gave; it names key ${id}`);
  return isGood;
};
const form = new RegExp('^(jifu checkpoint v1\nlog: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\nposition: (0|[1-9]\\d{0,18})\n'
  + 'link: ([0-9a-f]{64})\nbatches: (0|[1-9]\\d{0,18})\nroot: ([0-9a-f]{64})\nat: (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)\n'
  + 'reason: [^\n]*\n)(key: [^\n]*\nalgorithm: [^\n]*\nsignature: ([A-Za-z0-9+/]*=*)\n)$');
// A checkpoint begins with its first line; whether empty lines stand between two does not matter.
const checkpoints = text => `${text}\n`.replace(/^\n+/, '').split(/(?<=\n)(?:\n+|(?=jifu checkpoint v1\n))/).filter(one => one)
  .map(one => {
    const [, body, log, position, link, batches, root, at, lines, base64] = one.length <= 4096 && form.exec(one) || [];
    if (!body || [position, batches].some(n => BigInt(n) >= 1n << 63n) || Number.isNaN(Date.parse(at))
      || new Date(at).toISOString() !== at.replace('Z', '.000Z') || Buffer.from(base64, 'base64').toString('base64') !== base64)
      throw new Error(`this is no checkpoint: ${one.slice(0, 60).trim()} …`);
    return { body, lines, log, position: BigInt(position), link, batches: BigInt(batches), root, at };
  });
const believed = list => list.filter(one => isSigned(Buffer.from(one.body), one.lines, `the checkpoint of position ${one.position}`, one.position));
const outside = outsideFile ? given(outsideFile, name => {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(name)), list = checkpoints(text.replaceAll('\r\n', '\n'));
  if (list.length === 0) throw new Error('there is no checkpoint in it');      // a failed copy must not pass for one that was compared
  return list;
}) : [];

if (!given(path, isZip)) refuse(`${path}: it is no archive`);
let entries = new Map();
const hashes = new Map();
async function* chunks(name, max) {
  if (!entries.has(name)) return;
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of unpack(path, name, entries.get(name))) {
    hash.update(chunk);
    if ((bytes += chunk.length) > max) throw new Error(`${name} is larger than it should be`);
    yield chunk;
  }
  hashes.set(name, `${bytes} ${hash.digest('hex')}`);
}
const whole = async (name, max) => {
  const parts = [];
  for await (const c of chunks(name, max)) parts.push(c);
  return Buffer.concat(parts);
};

async function main() {
  entries = readZip(path);
  const json = await whole('manifest.json', 1 << 20);
  if (json.length === 0) throw new Error('there is no manifest.json: its export was not finished');
  let manifest, list;
  try {
    manifest = JSON.parse(list = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json));
  } catch {
    throw new Error('manifest.json is no list of contents');
  }
  if (typeof manifest?.format !== 'string') throw new Error('manifest.json tells of no format');
  if (manifest.format !== 'jifu evidence v1') refuse(`The archive's format is '${manifest.format}'.`);
  manifest = wholes(list);
  if (!Array.isArray(manifest.files)
    || manifest.files.some(one => typeof one?.name !== 'string' || typeof one.bytes !== 'bigint'))
    throw new Error('manifest.json is no list of contents');
  // What is signed and means nothing to this program may mean something to another one.
  const only = (one, ...names) => Object.keys(one).forEach(name => {
    if (!names.includes(name)) throw new Error(`manifest.json is no list of contents: it has a member '${name}'`);
  });
  only(manifest, 'format', 'log', 'scope', 'events', 'first_position', 'last_position', 'anchor', 'exported_at', 'files');
  only(manifest.scope ?? {}, 'kind', 'stream', 'day');
  manifest.files.forEach(one => only(one, 'name', 'bytes', 'sha256'));
  const isAll = manifest.scope?.kind === 'all', isStream = manifest.scope?.kind === 'stream';
  isSigned(json, (await whole('manifest.sig', 1 << 20)).toString(), 'manifest.json');
  const listed = new Map(manifest.files.map(one => [one.name, one]));
  if (listed.size !== manifest.files.length) throw new Error('manifest.json lists a file twice');
  const max = name => listed.get(name)?.bytes ?? 0;
  const text = new TextDecoder().decode(await whole('checkpoints.txt', max('checkpoints.txt')));
  const inside = believed(checkpoints(text)), compared = believed(outside);
  const anchor = inside.find(one => one.position === manifest.anchor);
  if (!anchor) throw new Error('the signed checkpoint to which the proofs lead is not in it');
  const known = new Map();     // the checkpoints by position
  for (const one of [...inside, ...compared]) {
    if (one.log !== manifest.log) wrong('-', `a checkpoint of another log, ${one.log}`);
    if (one.batches === anchor.batches && one.root !== anchor.root) wrong(one.position, 'the proofs lead to another log');
    const [other] = known.get(one.position) ?? [one];
    if (['link', 'batches', 'root'].some(field => one[field] !== other[field]))
      wrong(one.position, 'two checkpoints of this position are of different logs');
    known.set(one.position, [...(known.get(one.position) ?? []), one]);
  }
  const rows = await whole('batches.bin', max('batches.bin')), batches = Math.floor(rows.length / 48);
  if (rows.length % 48) wrong('-', 'the batches end in the middle of one');
  const batchAt = i => [number(rows, i * 48), number(rows, i * 48 + 8), rows.subarray(i * 48 + 16, i * 48 + 48)];

  // A hash tree as a list of its full subtrees, [leaves, root], largest first.
  const add = (tree, link) => {
    tree.push([1, leaf(link)]);
    while (tree.length > 1 && tree.at(-1)[0] === tree.at(-2)[0]) {
      const [[n, left], [, right]] = tree.splice(-2);
      tree.push([n * 2, node(left, right)]);
    }
  };
  const rootOf = tree => tree.length ? tree.map(peak => peak[1]).reduceRight((right, left) => node(left, right)) : sha();
  const tag = Buffer.from('0000000d6a6966752e6576656e742e763100000020', 'hex');    // 13, jifu.event.v1, 32
  let [next, link, isOpen, seen, first, last, version] = [0n, null, false, 0n, -1n, -1n, -1n];

  // A batch is looked at when the events come to it. One that overlaps another leaves none of the two to be judged, and one
  // in which something else was found is passed over; their roots count in the tree over all batches nevertheless.
  let [row, upTo, isKnown, begun, ofBatch, foundBefore, ofAll] = [0, -1n, isAll, [], null, 0, []];
  const expect = ([from, to, root]) => {
    if (isKnown && from > upTo + 1n) wrong(upTo + 1n, `positions ${upTo + 1n} to ${from - 1n} belong to no batch`);
    if (to < from || isKnown && from <= upTo) {
      const at = isKnown && from > upTo ? upTo + 1n : from;
      wrong(at < 0n ? 0n : at, `batch ${from} to ${to} overlaps another, or is none`);
      while (begun.length) ended(begun.shift(), false);
    }
    begun.push([from, to, root]);
    [upTo, isKnown] = [to, to >= from];
  };
  const ended = ([from, to, root], isWhole) => {
    add(ofAll, root);
    if (isWhole && found === foundBefore && !rootOf(ofBatch).equals(root))
      wrong(from, `the root of batch ${from} to ${to} is not the one that its events give`);
    ofBatch = null;
  };
  const batched = (position, kept) => {        // true when a batch ends here
    for (; row < batches && (batchAt(row)[0] <= position || batchAt(row)[1] < batchAt(row)[0]); row++) expect(batchAt(row));
    while (begun.length && begun[0][1] < position) ended(begun.shift(), false);
    if (!begun.length || position < begun[0][0]) return false;
    if (position === begun[0][0]) [ofBatch, foundBefore] = [[], found];
    if (ofBatch) add(ofBatch, kept);
    if (position < begun[0][1]) return false;
    ended(begun.shift(), ofBatch !== null);
    return true;
  };

  const begin = body => {
    const position = number(body, 0);
    if (position <= last || (last >= 0 && !isStream)) wrong(last + 1n, `the next position here is ${position}`);
    [next, link, isOpen] = [position, Buffer.from(body.subarray(8)), true];
    if (position === 0n && !link.equals(Buffer.alloc(32))) wrong(0, 'a log begins with a link of zeros');
  };
  const event = body => {
    const kept = Buffer.from(body.subarray(0, 32)), fields = body.subarray(32), position = number(fields, 4);
    if (position !== next) wrong(next, `position ${position} stands where ${next} should`);
    if (!sha(tag, link, fields).equals(kept)) wrong(next, 'the event, or its link, is not as it was written');
    if (isStream) {
      const end = 16 + fields.readUInt32BE(12);
      if (fields.toString('utf8', 16, end) !== manifest.scope.stream) wrong(next, 'the event is of another stream');
      if (number(fields, end + 4) !== ++version) wrong(next, `version ${version} of the stream should be here`);
    }
    [link, last, first, seen, next] = [kept, position, first < 0 ? position : first, seen + 1n, position + 1n];
    const isEnd = batched(position, kept);
    for (const one of known.get(position) ?? []) {
      if (one.link !== kept.toString('hex')) wrong(position, `at ${one.at} its link was ${one.link}`);
      if (isAll && (!isEnd || BigInt(ofAll.reduce((sum, [n]) => sum + n, 0)) !== one.batches || one.root !== rootOf(ofAll).toString('hex')))
        wrong(position, `at ${one.at} there were ${one.batches} batches up to here, with another root`);
    }
    known.delete(position);
  };
  const proof = body => {          // from the event to the root of its batch, and on to the checkpoint's: RFC 9162, 2.1.3.2
    let [used, hash, isGood] = [16, link, true];
    for (const [index, count] of [[body.readUInt32BE(0), body.readUInt32BE(4)], [number(body, 8), anchor.batches]]) {
      let [n, max] = [BigInt(index), BigInt(count) - 1n];
      if (n < 0n || n > max) isGood = false;
      for (hash = leaf(hash); isGood && max > 0n; n >>= 1n, max >>= 1n) {
        const isRight = (n & 1n) === 1n || n === max, other = body.subarray(used, used += 32);
        for (; isRight && !(n & 1n); max >>= 1n) n >>= 1n;
        hash = isRight ? node(other, hash) : node(hash, other);
      }
    }
    // Where events were cut off, the proof is of one that is gone: what is left is not to blame.
    if (!isStream && next <= manifest.last_position) wrong(next, `positions ${next} to ${manifest.last_position} are missing`);
    else if (!isGood || used !== body.length || hash.toString('hex') !== anchor.root) wrong(last, 'it is not proved to be in the log');
    isOpen = false;
  };
  const records = async () => {
    let rest = Buffer.alloc(0);
    for await (const chunk of chunks('events.bin', max('events.bin'))) {
      const bytes = rest.length ? Buffer.concat([rest, chunk]) : chunk;
      let p = 0;
      while (p + 5 <= bytes.length && p + 5 + bytes.readUInt32BE(p + 1) <= bytes.length) {
        const kind = String.fromCharCode(bytes[p]), body = bytes.subarray(p + 5, p += 5 + bytes.readUInt32BE(p + 1));
        if (kind === 'S' && !isOpen) begin(body);
        else if (kind === 'E' && isOpen) event(body);
        else if (kind === 'P' && isOpen) proof(body);
        else throw new Error(`a record of kind ${kind} stands where it cannot`);
      }
      rest = bytes.subarray(p);
      if (rest.length > 1 << 27) throw new Error('a record is too large');
    }
    if (rest.length || isOpen) throw new Error('the events end in the middle');
  };
  let isRead = true;
  await records().catch(e => { isRead = false; wrong(next, `the events cannot be read from here on: ${e.message}`); });
  if (isRead && (seen !== manifest.events || first !== manifest.first_position || last !== manifest.last_position))
    wrong('-', `${manifest.events} events of positions ${manifest.first_position} to ${manifest.last_position} should be here; `
      + `here are ${seen} of ${first} to ${last}`);
  if (isRead && row < batches) wrong('-', `there is a batch ${batchAt(row)[0]} to ${batchAt(row)[1]}, whose events are not in here`);
  if (isRead && isAll && upTo < last) wrong(upTo + 1n, `positions ${upTo + 1n} to ${last} belong to no batch`);
  if (isRead && isAll) begun.forEach(([from, to]) =>
    wrong(from > last ? from : last + 1n, `the log ends at ${last}; there is a batch ${from} to ${to}`));
  if (isRead && isAll && (first !== 0n || last !== anchor.position || BigInt(batches) !== anchor.batches)) wrong('-', 'it is not the whole log');
  for (const one of compared) if (isRead && isAll && one.position > last) wrong(last + 1n, `the tail is missing: the log had reached ${one.position}`);
  const left = isAll ? [] : compared.filter(one => known.has(one.position) && one.batches !== anchor.batches);
  if (left.length) console.log(`note: ${left.length} checkpoints from outside could not be compared, the first of position `
    + `${left[0].position}: the events there are not in here`);
  for (const name of entries.keys()) {
    if (!hashes.has(name)) for await (const _ of chunks(name, max(name)));
    if (!listed.has(name) && !['manifest.json', 'manifest.sig'].includes(name)) wrong('-', `manifest.json does not tell of ${name}`);
  }
  for (const { name, bytes, sha256 } of manifest.files)
    if (hashes.get(name) !== `${bytes} ${sha256}`) wrong('-', `${name} is not the file that manifest.json tells of`);
  if (found === 0) console.log(`${seen} events, proved up to position ${anchor.position} of log ${manifest.log} as of ${anchor.at}`);
}
await main().catch(e => wrong('-', `the archive cannot be read: ${e.message}`));
console.log(found === 0 ? 'GOOD' : `NOT GOOD: ${found} found${lowest === null ? '' : `, the first at position ${lowest}`}; nothing is proved`);
process.exit(found === 0 ? 0 : 1);
