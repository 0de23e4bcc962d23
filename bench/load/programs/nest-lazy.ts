// Nest's own way of loading modules that are not compiled in.
import "reflect-metadata";
import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Module } from "@nestjs/common";
import { LazyModuleLoader, NestFactory } from "@nestjs/core";
import { tell } from "../measured.ts";

const [folder = "", count] = process.argv.slice(2);
class Root {}
Module({})(Root);
const app = await NestFactory.createApplicationContext(Root, { logger: false });
const loader = app.get(LazyModuleLoader);
const modules = path.join(folder, "nest");
const begun = performance.now();
const loaded = await Promise.all(
  readdirSync(modules).map((name) =>
    loader.load(async () => (await import(pathToFileURL(path.join(modules, name)).href)).Nest, { logger: false }),
  ),
);
tell(loaded.length, Number(count), performance.now() - begun);
