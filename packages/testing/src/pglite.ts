export { newDatabaseFolder } from "@plinth/database";
