export { createFakeClock, type FakeClock } from "./fake-clock.ts";
export { createRecordingLog, type LogLine, type RecordingLog } from "./recording-log.ts";
export { type StandIn, standIn } from "./stand-in.ts";
export { startTestPlatform, type TestPlatform, type TestPlatformOptions } from "./test-platform.ts";
