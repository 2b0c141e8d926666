/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A server of the local stack or a command: a process that logs to a file and ends with the process
 * that started it, even when that one is killed. The one place that runs child processes.
 */
public final class ChildProcess implements AutoCloseable {

  // The shell becomes the server, so that nobody has to wait for it in its place. Its guard holds
  // the pipe to this JVM. When that closes, by close() or because the JVM is gone, the server gets
  // SIGTERM and, if that does not help, SIGKILL, with all that it has started; `set -m` gives the
  // guard a process group of its own. What the server leaves behind when it ends by itself is
  // killed, too.
  private static final String GUARD =
      """
      set -m
      exec 3<&0
      (
        while kill -0 "$$"; do
          read -r -t 1 _ <&3
          if [ $? -le 128 ]; then
            kill -- "-$$"
            for _ in $(seq 100); do kill -0 -- "-$$" || exit 0; sleep 0.1; done
            break
          fi
        done
        kill -9 -- "-$$"
      ) > /dev/null 2>&1 &
      exec "$@" 3<&- < /dev/null
      """;

  // A session of its own: a terminal that is closed, Ctrl-C and a signal to a whole process group
  // would end the shell, and a server that does not end by such a signal, as MariaDB by SIGHUP,
  // would run on unguarded.
  private static final List<String> GUARDED = List.of("setsid", "bash", "-c", GUARD);

  private static final int TAIL_BYTES = 16 << 10;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

  private final String name;
  private final Path log;
  private final Process process;

  private ChildProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a server.
   *
   * @param name how messages call it; its log is {@code <name>.log}
   * @param logs folder of the log
   * @param command program and arguments
   */
  public static ChildProcess start(String name, Path logs, List<String> command)
      throws IOException {
    return start(name, logs, Path.of(""), command);
  }

  /**
   * Starts a server that reads files of its working directory.
   *
   * @param folder its working directory
   */
  public static ChildProcess start(String name, Path logs, Path folder, List<String> command)
      throws IOException {
    Files.createDirectories(logs);
    Path log = logs.resolve(name + ".log");
    List<String> guarded = new ArrayList<>(GUARDED);
    guarded.add(name);
    guarded.addAll(command);
    Process process =
        new ProcessBuilder(guarded)
            .directory(folder.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new ChildProcess(name, log, process);
  }

  /**
   * Starts a JVM.
   *
   * @param mainClass the class to run
   * @param arguments its arguments
   */
  public static ChildProcess startJava(
      String name, Path logs, Jvm jvm, String mainClass, List<String> arguments)
      throws IOException {
    return start(name, logs, jvm.command(mainClass, arguments));
  }

  /** How messages call it. */
  public String name() {
    return name;
  }

  /** Its log file. */
  public Path log() {
    return log;
  }

  /** True while it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits until it ends.
   *
   * @param within the longest wait
   * @return its exit code; empty when it runs on
   */
  public OptionalInt awaitEnd(Duration within) throws InterruptedException {
    return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  /** Process id of the server; empty when it has ended. */
  public OptionalLong pid() {
    return isAlive() ? OptionalLong.of(process.pid()) : OptionalLong.empty();
  }

  /** Kills the server alone, as its machine might. */
  public void kill() {
    process.destroyForcibly();
  }

  /**
   * Waits until the server answers, and ends it when it does not.
   *
   * @param within the longest wait
   * @param probe true, or any result but false or NULL, when it answers; an exception means not yet
   * @throws LakeException when it ends or does not answer in time; with the end of its log
   */
  public void awaitReady(Duration within, Callable<Boolean> probe) throws InterruptedException {
    try {
      pollUntilReady(within, probe);
    } catch (InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void pollUntilReady(Duration within, Callable<Boolean> probe)
      throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    String last = "no answer";
    while (System.nanoTime() < deadline) {
      if (!isAlive()) {
        throw new LakeException(
            ErrorCode.SERVER_ENDED,
            name + " ended with code " + process.exitValue() + " while it was starting." + tail(),
            "The whole log is " + log + ".");
      }
      try {
        if (probe.call()) {
          return;
        }
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        last = LakeException.rootMessage(e);
      }
      Thread.sleep(100);
    }
    throw new LakeException(
        ErrorCode.SERVER_NOT_READY,
        name + " did not answer within " + within.toSeconds() + " s (" + last + ")." + tail(),
        "The whole log is " + log + ".");
  }

  /** Ends the server, by force when it does not end by itself in time. */
  @Override
  public void close() {
    List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // The pipe is closed already, which is what was wanted.
    }
    try {
      if (!process.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        family.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      family.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String tail() {
    return lastLines(5).stream().map("\n  "::concat).collect(Collectors.joining());
  }

  /**
   * The last lines of its log, as far as they lie in the last 16 KB; empty when it cannot be read.
   *
   * @param most how many
   */
  public List<String> lastLines(int most) {
    try (FileChannel file = FileChannel.open(log)) {
      file.position(Math.max(0, file.size() - TAIL_BYTES));
      String text = new String(Channels.newInputStream(file).readNBytes(TAIL_BYTES), UTF_8);
      List<String> lines = text.lines().toList();
      return lines.subList(Math.max(0, lines.size() - most), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
