/** Numbers and strings of a binary header, one after the other. Beyond the end everything is zero and `over` is true. */
export interface ByteReader {
  readonly over: boolean;
  u32(): number;
  /** A length or count; one that no double holds exactly counts as beyond the end. */
  u64(): number;
  f32(): number;
  /** So many bytes as text; signs outside ASCII come out as their bytes. */
  text(length: number): string;
  skip(length: number): void;
}

/** Reads little-endian from the beginning. */
export function readBytes(bytes: Uint8Array): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let over = false;
  const take = (length: number): number | undefined => {
    if (over || !(length >= 0) || at + length > bytes.byteLength) {
      over = true;
      return undefined;
    }
    at += length;
    return at - length;
  };
  return {
    get over() {
      return over;
    },
    u32() {
      const from = take(4);
      return from === undefined ? 0 : view.getUint32(from, true);
    },
    u64() {
      const from = take(8);
      const value = from === undefined ? 0 : Number(view.getBigUint64(from, true));
      if (Number.isSafeInteger(value)) return value;
      over = true;
      return 0;
    },
    f32() {
      const from = take(4);
      return from === undefined ? 0 : view.getFloat32(from, true);
    },
    text(length) {
      const from = take(length);
      if (from === undefined) return '';
      let text = '';
      for (let i = from; i < from + length; i += 1) text += String.fromCharCode(bytes[i] ?? 0);
      return text;
    },
    skip: (length) => void take(length),
  };
}
