// All modules imported side by side, and handed to Nest.
import "reflect-metadata";
import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { tell } from "../measured.ts";

const [folder = "", count] = process.argv.slice(2);
const modules = path.join(folder, "nest");
const begun = performance.now();
const files = await Promise.all(
  readdirSync(modules).map(async (name) => import(pathToFileURL(path.join(modules, name)).href)),
);
class Root {}
Module({ imports: files.map(({ Nest }) => Nest) })(Root);
const app = await NestFactory.createApplicationContext(Root, { logger: false });
const made = files.map((_, at) => app.get<object>(`m${at}`, { strict: false }));
tell(made.length, Number(count), performance.now() - begun);
