package io.tidelake.backfill;

import io.tidelake.tables.LakeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held by the one scheduler of a project's folder. The system takes it from a process that ends,
 * however it ends.
 */
public final class SchedulerLock implements AutoCloseable {

  private final FileChannel file;

  private SchedulerLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the lock.
   *
   * @param folder where its file lies; created when missing
   * @throws LakeException when another scheduler holds it; names its process
   */
  public static SchedulerLock take(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path path = folder.resolve("scheduler.lock");
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(file) == null) {
        String pid = Files.readString(path).strip();
        throw new LakeException(
            "SCHEDULER_RUNNING",
            "A scheduler runs already: process " + pid + " holds " + path + ".",
            "Let it run, or end it with `kill "
                + pid
                + "`; `lake backfill schedule --list` looks.");
      }
      file.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      file.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
      return new SchedulerLock(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** NULL when another process, or another thread of this one, holds the lock. */
  private static FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
