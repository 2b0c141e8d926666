/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.ProcessLock;
import io.tidelake.secret.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder that holds all data of a local stack: where its parts lie, and who may start a stack
 * in it.
 *
 * @param path the folder
 * @param lastStart the addresses of the last stack in it; empty when there was none
 */
record WorkDir(Path path, Optional<StackAddresses> lastStart) {

  static final long MINIMUM_FREE_BYTES = 256L << 20;

  /** A folder, which need not exist. */
  static WorkDir at(Path folder) throws IOException {
    Path path = folder.toAbsolutePath().normalize();
    return new WorkDir(path, StackAddresses.find(path));
  }

  /** The folder of a part of the stack. */
  Path folder(String part) {
    return path.resolve(part);
  }

  /** The folder of the logs of all processes. */
  Path logs() {
    return folder("logs");
  }

  /**
   * Makes the folder, when it is missing.
   *
   * @throws LakeException when it cannot be made or written
   */
  void create() {
    try {
      PrivateFiles.createFolder(path, lastStart.isPresent());
      if (!Files.isWritable(path)) {
        throw new IOException("not writable");
      }
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.WORK_DIR_UNUSABLE,
          "The work directory " + path + " cannot be used: " + LakeException.rootMessage(e),
          "Name a folder that exists or can be created with --work-dir.",
          e);
    }
  }

  /**
   * Takes the folder for a stack of this process.
   *
   * @throws LakeException when a stack of another process runs in it
   */
  ProcessLock lock() throws IOException {
    return ProcessLock.take(path.resolve("stack.lock"), this::running);
  }

  private LakeException running(String pid) {
    return new LakeException(
        ErrorCode.STACK_RUNNING,
        "A local stack already runs in " + path + " (process " + pid + ").",
        "Use it, end it with `lake down`, or name another folder with --work-dir.");
  }

  /**
   * A database that finds the disk full leaves half an event in its binlog, for good.
   *
   * @throws LakeException when the disk is nearly full
   */
  void refuseFullDisk() {
    long free;
    try {
      free = Files.getFileStore(path).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot see how much space is free in " + path, e);
    }
    if (free < MINIMUM_FREE_BYTES) {
      throw new LakeException(
          ErrorCode.DISK_ALMOST_FULL,
          "Only %d MB are free for %s; the stack stops at %d MB, while all its files are whole."
              .formatted(free >> 20, path, MINIMUM_FREE_BYTES >> 20),
          "Free some space and run the same command again (a demo with the same --work-dir) to resume.");
    }
  }

  /**
   * The publisher's tables lie in the Hive Metastore under names that Paimon's would take.
   *
   * @param metastore that of the stack that starts
   * @throws LakeException when the stack before had another one
   */
  void refuseOtherMetastore(StackOptions.Metastore metastore) {
    lastStart
        .map(StackAddresses::metastore)
        .filter(before -> before != metastore)
        .ifPresent(
            before -> {
              throw new LakeException(
                  ErrorCode.STACK_METASTORE,
                  "The tables in %s are those of the metastore %s, not %s."
                      .formatted(path, before, metastore),
                  "Start it with --metastore " + before + ", or remove the folder to begin anew.");
            });
  }
}
