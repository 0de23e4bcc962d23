export { controlAddresses } from "./find-control.ts";
export {
  type ControlChange,
  type ControlledModule,
  type ControlProblem,
  type ControlProblems,
  type ControlStatus,
  controlVersion,
} from "./protocol.ts";
export { changeToWire, fromWire, toWire } from "./wire-problem.ts";
