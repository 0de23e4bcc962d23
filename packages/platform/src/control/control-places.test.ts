import { expect, test } from "vitest";
import { controlPlaces, type SocketSystem } from "./control-places.ts";

const linux: SocketSystem = {
  platform: "linux",
  runtimeFolder: undefined,
  temporaryFolder: "/tmp",
  user: "1000",
};
const long = `/srv/${"deep/".repeat(30)}desk`;

test("the socket is in the platform's own folder, and in the user's where that cannot be", () => {
  expect(controlPlaces("/srv/desk", linux)).toEqual([
    { address: "/srv/desk/.data/control/control.sock", folder: "/srv/desk/.data/control" },
    { address: expect.stringMatching(/^\/tmp\/plinth-1000\/[0-9a-f]{16}\.sock$/), folder: "/tmp/plinth-1000" },
  ]);
  const [, inRuntime] = controlPlaces("/srv/desk", { ...linux, runtimeFolder: "/run/user/1000" });
  expect(inRuntime?.folder).toBe("/run/user/1000/plinth");
});

test("no path is longer than the shortest limit of any system, in bytes", () => {
  expect(controlPlaces(long, linux).map(({ folder }) => folder)).toEqual(["/tmp/plinth-1000"]);
  expect(controlPlaces(`/srv/${"ü".repeat(40)}`, linux).map(({ folder }) => folder)).toEqual(["/tmp/plinth-1000"]);
  expect(controlPlaces(long, { ...linux, temporaryFolder: long })).toEqual([]);
});

test("two platforms have two sockets, and on Windows two pipes", () => {
  const addresses = (system: SocketSystem) =>
    [long, `${long}2`].flatMap((root) => controlPlaces(root, system).map(({ address }) => address));
  expect(new Set(addresses(linux)).size).toBe(2);
  const pipes = addresses({ ...linux, platform: "win32" });
  expect(new Set(pipes).size).toBe(2);
  expect(pipes[0]).toMatch(/^\\\\\?\\pipe\\plinth-[0-9a-f]{16}$/);
});
