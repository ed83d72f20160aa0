import fc from "fast-check";
import t from "tap";
import {
  encodeFrame,
  type Frame,
  FrameDecoder,
  MAX_PAYLOAD,
} from "../../harness/channel/frames.ts";

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const byte = fc.integer({ min: 0, max: 255 });
const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((array): Buffer => Buffer.from(array));
const frame: fc.Arbitrary<Frame> = fc.record(
  { type: byte, flags: byte, sequence: u32, stream: u32, payload: bytes(300) },
  { noNullPrototype: true },
);

function decode(wire: Buffer, cuts: number[]): { frames: Frame[]; decoder: FrameDecoder } {
  const decoder = new FrameDecoder();
  const frames: Frame[] = [];
  let from = 0;
  for (const cut of [...cuts.map((c) => c % (wire.length + 1)).sort((a, b) => a - b)]) {
    frames.push(...decoder.push(wire.subarray(from, cut)));
    from = cut;
  }
  frames.push(...decoder.push(wire.subarray(from)));
  return { frames, decoder };
}

t.test("frames survive any splitting", async (t) => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(5000)), (sent, cuts) => {
      const { frames, decoder } = decode(Buffer.concat(sent.map(encodeFrame)), cuts);
      t.strictSame(frames, sent);
      t.equal(decoder.discarded, 0);
    }),
    { numRuns: 200 },
  );
});

t.test("garbage between frames is skipped and counted", async (t) => {
  // Includes the magic's bytes far more often than chance would.
  const garbage = fc
    .array(fc.oneof(byte, fc.constantFrom(0xa5, 0x58)), { maxLength: 60 })
    .map((values): Buffer => Buffer.from(values));
  const parts = fc.array(fc.tuple(garbage, frame), { maxLength: 8 });
  fc.assert(
    fc.property(parts, fc.array(fc.nat(5000)), (sent, cuts) => {
      const wire = Buffer.concat(sent.flatMap(([noise, one]) => [noise, encodeFrame(one)]));
      const { frames, decoder } = decode(wire, cuts);
      t.strictSame(
        frames,
        sent.map(([, one]) => one),
      );
      t.equal(
        decoder.discarded,
        sent.reduce((sum, [noise]) => sum + noise.length, 0),
      );
    }),
    { numRuns: 200 },
  );
});

t.test("a damaged header is no frame", async (t) => {
  const good = encodeFrame({ type: 7, stream: 3, payload: Buffer.from("kept") });
  for (let at = 0; at < 20; at++) {
    const bad = Buffer.from(encodeFrame({ type: 7, payload: Buffer.from("lost") }));
    bad[at] = (bad[at] ?? 0) ^ 0x10;
    const frames = new FrameDecoder().push(Buffer.concat([bad, good]));
    t.strictSame(
      frames.map(({ payload }) => payload.toString()),
      ["kept"],
      `byte ${at}`,
    );
  }
});

t.test("a frame announces no more than the greatest payload", async (t) => {
  const frame = encodeFrame({ type: 7, payload: Buffer.alloc(MAX_PAYLOAD + 1) });
  t.strictSame(new FrameDecoder().push(frame), []);
});
