import { inflateRawSync } from 'node:zlib';

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
const fileMark = 0x04034b50;
/** Fixed lengths of a zip archive's records, as its specification (APPNOTE 6.3) has them. */
const endLength = 22;
const entryLength = 46;
const fileLength = 30;
const longestComment = 65_535;

/** The text of one file of a zip archive. Throws with the reason where it is none, lacks the file or is too large. */
export function unzipFile(bytes: Buffer, name: string, largest: number): string {
  const damaged = () => new Error('the archive is damaged');
  const end = endOf(bytes);
  if (end === undefined) throw damaged();
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (at + entryLength > bytes.length || bytes.readUInt32LE(at) !== entryMark) throw damaged();
    const nameLength = bytes.readUInt16LE(at + 28);
    const found = bytes.toString('utf8', at + entryLength, at + entryLength + nameLength);
    if (found === name) return contentOf(bytes, at, largest);
    at += entryLength + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  throw new Error(`the archive has no ${name}`);
}

/** Where the record at the archive's end begins: it may be followed by a comment. */
function endOf(bytes: Buffer): number | undefined {
  const first = Math.max(0, bytes.length - endLength - longestComment);
  for (let at = bytes.length - endLength; at >= first; at -= 1) if (bytes.readUInt32LE(at) === endMark) return at;
  return undefined;
}

function contentOf(bytes: Buffer, entry: number, largest: number): string {
  const method = bytes.readUInt16LE(entry + 10);
  const packed = bytes.readUInt32LE(entry + 20);
  const length = bytes.readUInt32LE(entry + 24);
  const file = bytes.readUInt32LE(entry + 42);
  if (length > largest) throw new Error('the answer is too large');
  if (file + fileLength > bytes.length || bytes.readUInt32LE(file) !== fileMark)
    throw new Error('the archive is damaged');
  const start = file + fileLength + bytes.readUInt16LE(file + 26) + bytes.readUInt16LE(file + 28);
  const content = bytes.subarray(start, start + packed);
  if (method === 0) return content.toString('utf8');
  if (method !== 8) throw new Error('the archive is packed by another method');
  return inflateRawSync(content, { maxOutputLength: Math.max(1, length) }).toString('utf8');
}
