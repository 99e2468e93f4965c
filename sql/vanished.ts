/** What DuckDB says where a file it has just listed, or every file of a table, is gone. */
const VANISHED = /No files found that match|No such file or directory|(Cannot|Could not) open file/i;

/**
 * Runs a read again, once, where a file went away under it: compaction had put another in its place by then.
 * Any other error, and a second one, is the caller's.
 */
export async function despiteCompaction<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error && VANISHED.test(error.message))) throw error;
    return read();
  }
}
