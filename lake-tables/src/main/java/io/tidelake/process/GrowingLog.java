/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A log that another process writes, read line by line as it grows. */
public final class GrowingLog {

  private static final int MOST_BYTES = 4 << 20;
  private static final int BLOCK_BYTES = 64 << 10;

  private final Path file;
  private long position;

  private GrowingLog(Path file, long position) {
    this.file = file;
    this.position = position;
  }

  /** A log from its beginning on. */
  public static GrowingLog whole(Path file) {
    return new GrowingLog(file, 0);
  }

  /** What comes from now on into a log; one that is not there holds nothing yet. */
  public static GrowingLog fromNow(Path file) throws IOException {
    return new GrowingLog(file, Files.exists(file) ? Files.size(file) : 0);
  }

  /**
   * The last lines of a log, and what comes from now on.
   *
   * @param lines how many; all when it has no more
   */
  public static GrowingLog tail(Path file, int lines) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      // One more line end: that of the line before.
      int wanted = lines + 1;
      for (long end = channel.size(); end > 0; end -= BLOCK_BYTES) {
        ByteBuffer block = read(channel, Math.max(0, end - BLOCK_BYTES), end);
        for (int index = block.position() - 1; index >= 0; index--) {
          if (block.get(index) == '\n' && --wanted == 0) {
            return new GrowingLog(file, Math.max(0, end - BLOCK_BYTES) + index + 1);
          }
        }
      }
      return whole(file);
    }
  }

  /**
   * The whole lines that have come since the last call; not all when there are very many. Lines
   * without an end come when they have one.
   *
   * @return empty when there are none; also when the log is not there yet
   */
  public List<String> next() throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      // Somebody has emptied it.
      position = size < position ? 0 : position;
      ByteBuffer bytes = read(channel, position, Math.min(size, position + MOST_BYTES));
      int end = bytes.position();
      while (end > 0 && bytes.get(end - 1) != '\n') {
        end--;
      }
      if (end == 0 && bytes.position() == MOST_BYTES) {
        // A line without end is given in pieces.
        end = MOST_BYTES;
      }
      position += end;
      return new String(bytes.array(), 0, end, StandardCharsets.UTF_8).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static ByteBuffer read(FileChannel channel, long from, long to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
      // Until all of it is there.
    }
    return bytes;
  }
}
