declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** DynamoDB over LevelDB; `close` closes the database too. */
  export default function dynalite(options: { path: string; createTableMs?: number }): Server;
}
