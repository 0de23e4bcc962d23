import { runChild } from "./child/run-child.ts";

runChild();
