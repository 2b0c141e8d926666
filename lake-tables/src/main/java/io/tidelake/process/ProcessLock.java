/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/**
 * Held by the one process of this machine that may do something. The system takes it from a process
 * that ends, however it ends.
 */
public final class ProcessLock implements AutoCloseable {

  private final FileChannel file;

  private ProcessLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes a lock.
   *
   * @param path its file; made when missing, with its folder
   * @param taken makes the error for a lock that another process holds, of that process's id
   * @throws RuntimeException that of {@code taken}, when another process holds it
   */
  public static ProcessLock take(Path path, Function<String, ? extends RuntimeException> taken)
      throws IOException {
    Files.createDirectories(path.getParent());
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(file) == null) {
        throw taken.apply(Files.readString(path).strip());
      }
      file.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      file.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
      return new ProcessLock(file);
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
