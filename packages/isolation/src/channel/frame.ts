import { DefaultSerializer } from "node:v8";

/** Bytes before each frame: its length, unsigned, little-endian, without these four. */
export const headerBytes = 4;

/** A value as it goes over the channel: its length, then the value as the structured clone algorithm writes it. */
export function encodeFrame(value: unknown): Buffer {
  const serializer = new DefaultSerializer();
  serializer.writeRawBytes(noLength);
  serializer.writeHeader();
  serializer.writeValue(value);
  const frame = serializer.releaseBuffer();
  frame.writeUInt32LE(frame.length - headerBytes, 0);
  return frame;
}

const noLength = Buffer.alloc(headerBytes);
