import "reflect-metadata";
import { Module, type OnModuleInit } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { Boot } from "../contender.ts";

type Class = new () => object;

/** A Nest module for each module, which starts in `onModuleInit`. Decorators are called as the functions that they are. */
export const boot: Boot = async ({ needs }, start) => {
  const classes: Class[] = [];
  for (const each of needs) {
    const NestModule = class implements OnModuleInit {
      onModuleInit(): Promise<void> {
        return start();
      }
    };
    Module({ imports: each.map((need) => classes[need] as Class) })(NestModule);
    classes.push(NestModule);
  }
  class Root {}
  Module({ imports: classes })(Root);
  const app = await NestFactory.createApplicationContext(Root, { logger: false });
  await app.init();
};
