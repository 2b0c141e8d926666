/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.ledger;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.Path;
import org.apache.paimon.table.FileStoreTable;

/**
 * Locks on partitions of a table: two runs may not write one partition at the same time, since each
 * counts what it changed. A lock is a file in the table's folder that can be created once; it names
 * the run and its process. Streaming writers need no lock: the merge law orders what they write.
 */
public final class PartitionLocks {

  // Paimon reads texts without their line breaks.
  private static final String SEPARATOR = "\t";

  private final FileStoreTable table;
  private final String run;

  public PartitionLocks(FileStoreTable table, String run) {
    this.table = table;
    this.run = run;
  }

  /**
   * Locks partitions for this run. Locks that the run still has from a process that has ended are
   * taken over, and so are those of an ended process that nobody would give back: it was killed
   * before its run was recorded, or after it was over.
   *
   * @param isUnfinished whether a run, by its id, was recorded and is not over
   * @return the other runs whose locks were taken over
   * @throws LakeException when another run, or another process of this run, holds one of them; none
   *     is newly held then
   */
  public Set<String> acquire(List<String> partitions, Predicate<String> isUnfinished) {
    List<String> acquired = new ArrayList<>();
    Set<String> ended = new TreeSet<>();
    try {
      for (String dt : partitions) {
        acquire(dt, isUnfinished).ifPresent(ended::add);
        acquired.add(dt);
      }
      return ended;
    } catch (LakeException e) {
      release(acquired);
      throw e;
    } catch (IOException e) {
      release(acquired);
      throw new UncheckedIOException("Cannot lock " + table.name(), e);
    }
  }

  /** Takes the locks that the run has, whatever process holds them. */
  public void seize(List<String> partitions) {
    for (String dt : partitions) {
      try {
        if (holder(dt).filter(holder -> holder.run().equals(run)).isPresent()) {
          files().overwriteFileUtf8(file(dt), mine());
        }
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot lock " + table.name() + " " + dt, e);
      }
    }
  }

  /**
   * Makes sure that this process still has a lock.
   *
   * @throws LakeException when somebody has given the run up meanwhile
   */
  public void checkHeld(String dt) {
    try {
      if (!holder(dt).map(Holder::text).orElse("").equals(mine())) {
        throw new LakeException(
            ErrorCode.LOCK_LOST,
            "This process no longer holds the lock of "
                + partition(dt)
                + ": somebody has given the run "
                + run
                + " up, or goes on with it.",
            "`lake backfill status` shows the run. Nothing of this partition was written now.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the lock of " + partition(dt), e);
    }
  }

  /** Gives locks of this process back; those that it does not hold are left alone. */
  public void release(List<String> partitions) {
    for (String dt : partitions) {
      try {
        if (holder(dt).map(Holder::text).orElse("").equals(mine())) {
          files().deleteQuietly(file(dt));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot unlock " + partition(dt), e);
      }
    }
  }

  /** Who holds a lock: what its file says. */
  private record Holder(String text, String run, long pid, String host) {

    boolean isHere() {
      return host.equals(PartitionLocks.host());
    }

    boolean hasEnded() {
      return isHere() && !isAlive(pid);
    }
  }

  private Optional<Holder> holder(String dt) throws IOException {
    if (!files().exists(file(dt))) {
      return Optional.empty();
    }
    String text = files().readFileUtf8(file(dt));
    String[] parts = text.split(SEPARATOR);
    return Optional.of(new Holder(text, parts[0], Long.parseLong(parts[1]), parts[2]));
  }

  private Optional<String> acquire(String dt, Predicate<String> isUnfinished) throws IOException {
    if (files().tryToWriteAtomic(file(dt), mine())) {
      return Optional.empty();
    }
    Optional<Holder> found = holder(dt);
    if (found.isEmpty()) {
      // It was given back just now.
      return acquire(dt, isUnfinished);
    }
    Holder holder = found.get();
    if (holder.hasEnded() && (holder.run().equals(run) || !isUnfinished.test(holder.run()))) {
      files().overwriteFileUtf8(file(dt), mine());
      return Optional.of(holder.run()).filter(other -> !other.equals(run));
    }
    throw new LakeException(
        ErrorCode.PARTITION_LOCKED,
        partition(dt)
            + " is being written by the run "
            + holder.run()
            + " (process "
            + holder.pid()
            + " on "
            + holder.host()
            + (holder.hasEnded() ? ", which has ended)." : ")."),
        remedy(holder));
  }

  private static String remedy(Holder holder) {
    if (holder.hasEnded()) {
      return "Finish it with `lake backfill resume "
          + holder.run()
          + "`, or give it up with `lake backfill abandon "
          + holder.run()
          + "`.";
    }
    return "Wait until it is done; `lake backfill status` shows how far it is."
        + (holder.isHere()
            ? ""
            : " Nothing here can see the processes of "
                + holder.host()
                + ". If that one is gone for sure, `lake backfill abandon "
                + holder.run()
                + " --force` frees its days, and `lake backfill resume` goes on with it here.");
  }

  private String mine() {
    return String.join(SEPARATOR, run, String.valueOf(ProcessHandle.current().pid()), host());
  }

  private String partition(String dt) {
    return dt.isEmpty() ? table.name() : table.name() + " " + dt;
  }

  private static boolean isAlive(long pid) {
    return pid == ProcessHandle.current().pid()
        || ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** The name of this machine. */
  public static String host() {
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
