package io.tidelake.backfill;

import io.tidelake.tables.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.Path;
import org.apache.paimon.table.FileStoreTable;

/**
 * Locks on partitions of a table: two runs may not write one partition at the same time, since each
 * counts what it changed. A lock is a file in the table's folder that can be created once; it names
 * the run and its process. Streaming writers need no lock: the merge law orders what they write.
 */
final class PartitionLocks {

  // Paimon reads texts without their line breaks.
  private static final String SEPARATOR = "\t";

  private final FileStoreTable table;
  private final String run;

  PartitionLocks(FileStoreTable table, String run) {
    this.table = table;
    this.run = run;
  }

  /**
   * Locks partitions for this run. Locks that the run still has from a process that has ended are
   * taken over.
   *
   * @throws LakeException when another run, or another process of this run, holds one of them; none
   *     is held then
   */
  void acquire(List<String> partitions) {
    List<String> acquired = new ArrayList<>();
    try {
      for (String dt : partitions) {
        acquire(dt);
        acquired.add(dt);
      }
    } catch (LakeException e) {
      release(acquired);
      throw e;
    } catch (IOException e) {
      release(acquired);
      throw new UncheckedIOException("Cannot lock " + table.name(), e);
    }
  }

  /** Gives locks of this run back; those that it does not hold are left alone. */
  void release(List<String> partitions) {
    for (String dt : partitions) {
      try {
        Path file = file(dt);
        if (files().exists(file) && files().readFileUtf8(file).startsWith(run + SEPARATOR)) {
          files().deleteQuietly(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot unlock " + table.name() + " " + dt, e);
      }
    }
  }

  private void acquire(String dt) throws IOException {
    Path file = file(dt);
    String mine =
        String.join(SEPARATOR, run, String.valueOf(ProcessHandle.current().pid()), host());
    if (files().tryToWriteAtomic(file, mine)) {
      return;
    }
    String[] holder = files().readFileUtf8(file).split(SEPARATOR);
    boolean ended = holder[2].equals(host()) && !isAlive(Long.parseLong(holder[1]));
    if (holder[0].equals(run) && ended) {
      files().overwriteFileUtf8(file, mine);
      return;
    }
    String partition = dt.isEmpty() ? table.name() : table.name() + " " + dt;
    throw new LakeException(
        "PARTITION_LOCKED",
        partition
            + " is being written by the run "
            + holder[0]
            + " (process "
            + holder[1]
            + " on "
            + holder[2]
            + (ended ? ", which has ended)." : ")."),
        ended
            ? "Finish it with `lake backfill resume "
                + holder[0]
                + "`, or give it up with `lake backfill abandon "
                + holder[0]
                + "`."
            : "Wait until it is done; `lake backfill status` shows how far it is.");
  }

  private static boolean isAlive(long pid) {
    return pid == ProcessHandle.current().pid()
        || ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** The name of this machine. */
  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private Path file(String dt) {
    return new Path(table.location(), "backfill-lock/" + (dt.isEmpty() ? "table" : dt));
  }

  private FileIO files() {
    return table.fileIO();
  }
}
