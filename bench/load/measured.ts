/** What one process tells of its loading. Times in milliseconds. */
export interface Measured {
  /** From the start of the process to all modules' being there. */
  readonly total: number;
  /** Getting at the modules' code; where that is part of the program, from the start of the process. */
  readonly loading?: number | undefined;
}

/** Ends the process with its figures, once it is known that all modules are there. */
export function tell(count: number, wanted: number, loading?: number): never {
  const total = performance.now();
  if (count !== wanted) throw new Error(`${count} of ${wanted} modules were loaded`);
  console.log(JSON.stringify({ total, loading } satisfies Measured));
  process.exit(0);
}
