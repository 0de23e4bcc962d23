export { type Liveness, livenessOf, ownIdentity, type ProcessIdentity } from "./process-identity.ts";
export { type LockHolder, type LockRefusal, type ProcessLock, takeLock } from "./process-lock.ts";
