import "reflect-metadata";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { Boot } from "../contender.ts";

/** One Nest module with an asynchronous factory for each module, which gets those that it needs. */
export const boot: Boot = async ({ needs }, start) => {
  class Root {}
  Module({
    providers: needs.map((each, module) => ({
      provide: `m${module}`,
      useFactory: async () => {
        await start();
        return {};
      },
      inject: each.map((need) => `m${need}`),
    })),
  })(Root);
  const app = await NestFactory.createApplicationContext(Root, { logger: false });
  await app.init();
};
