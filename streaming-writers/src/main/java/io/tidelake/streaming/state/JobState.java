/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/**
 * Where a job keeps its state: a folder for each start without state, with the checkpoints and
 * savepoints that descend from it and a file that says what the job was made of. Only the newest of
 * these folders counts, so a start without state has discarded all state before it, even if it does
 * not live to see its first checkpoint.
 */
public final class JobState {

  private static final DateTimeFormatter RUN =
      DateTimeFormatter.ofPattern("'run-'yyyyMMdd-HHmmssSSS").withZone(ZoneOffset.UTC);
  private static final String RUN_NAMES = "run-\\d{8}-\\d{9}";

  /** How Flink names the folder of a job's checkpoints. */
  private static final String JOB_ID = "[0-9a-f]{32}";

  private static final String FINGERPRINT = "fingerprint.json";
  private static final String TOPICS = "topics.json";
  private static final String REBUILD = "rebuild.txt";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String job;
  private final Path folder;

  /**
   * @param checkpoints folder of the checkpoints of all jobs
   * @param job name of the job
   */
  public JobState(String checkpoints, String job) {
    this.job = job;
    this.folder = folder(checkpoints, job);
  }

  /** A folder in that of the checkpoints of all jobs. */
  public static Path folder(String checkpoints, String name) {
    return new Path(
        checkpoints.contains("://")
            ? checkpoints
            : java.nio.file.Path.of(checkpoints).toAbsolutePath().toUri().toString(),
        name);
  }

  /**
   * All that descends from one start without state.
   *
   * @param folder where it is kept
   */
  public record Run(Path folder) {

    /** When it began, by the clock of who began it. */
    public Instant began() {
      return RUN.parse(folder.getName(), Instant::from);
    }
  }

  /** What counts; empty when the job was never started. */
  public Optional<Run> run() {
    return runs().stream().findFirst();
  }

  /** The newest first. */
  private List<Run> runs() {
    return reading(
        () ->
            children(folder).stream()
                .map(child -> new Run(child.getPath()))
                .filter(run -> run.folder().getName().matches(RUN_NAMES))
                .sorted(Comparator.comparing(Run::began).reversed())
                .toList());
  }

  /**
   * Begins without state: from now on nothing before counts.
   *
   * @param topics where the job begins in the topics of its sources, by name
   */
  public Run begin(JobFingerprint fingerprint, Map<String, TopicBeginning> topics) {
    // As exact as the name of the folder: two beginnings in a millisecond would share it.
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Instant previous = run().map(Run::began).orElse(Instant.EPOCH);
    // Clocks of two machines may differ.
    Instant begins = now.isAfter(previous) ? now : previous.plusMillis(1);
    Run run = new Run(new Path(folder, RUN.format(begins)));
    try {
      writing(
          () -> {
            write(new Path(run.folder(), TOPICS), JSON.writeValueAsString(topics));
            write(
                new Path(run.folder(), FINGERPRINT), JSON.writeValueAsString(fingerprint.parts()));
          });
    } catch (LakeException e) {
      abandon(run);
      throw e;
    }
    return run;
  }

  /** Takes a beginning back that no job came of: what was before counts again. */
  public void abandon(Run run) {
    writing(() -> run.folder().getFileSystem().delete(run.folder(), true));
  }

  /** What the job was made of whose state this is; empty when nobody wrote it down. */
  public Optional<JobFingerprint> fingerprint(Run run) {
    return read(run, FINGERPRINT, new TypeReference<TreeMap<String, String>>() {})
        .map(JobFingerprint::new);
  }

  /**
   * Where the job last began in the topics of its sources, by name; empty when nobody wrote it
   * down.
   */
  public Map<String, TopicBeginning> topics() {
    return runs().stream()
        .map(run -> read(run, TOPICS, new TypeReference<Map<String, TopicBeginning>>() {}))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(Map.of());
  }

  /** Who wrote it may have been killed before its end. */
  private <T> Optional<T> read(Run run, String name, TypeReference<T> type) {
    return read(run, name)
        .flatMap(
            text -> {
              try {
                return Optional.of(JSON.readValue(text, type));
              } catch (JsonProcessingException e) {
                return Optional.empty();
              }
            });
  }

  /** Remembers that the job is to be started without state, should the one who does so not end. */
  public void requestRebuild(Run run, String reason) {
    writing(() -> write(new Path(run.folder(), REBUILD), reason));
  }

  /** Why the job is to be started without state; empty when it is not, or has been. */
  public Optional<String> rebuildRequest(Run run) {
    return read(run, REBUILD);
  }

  /** The job was started without state. */
  public void rebuilt(Run run) {
    writing(
        () ->
            new Path(run.folder(), REBUILD)
                .getFileSystem()
                .delete(new Path(run.folder(), REBUILD), false));
  }

  /**
   * The newest complete checkpoint or savepoint that counts.
   *
   * @return its folder; empty when there is none
   */
  public Optional<String> latestCheckpoint() {
    return run()
        .flatMap(
            run ->
                reading(
                    () ->
                        // <job id>/chk-<n>/_metadata and, for savepoints, <savepoint>/_metadata.
                        metadataBelow(run.folder(), 2).stream()
                            .max(Comparator.comparing(FileStatus::getModificationTime))
                            .map(file -> file.getPath().getParent().toString())));
  }

  /**
   * Whether there are checkpoints that nobody knows the making of: an earlier version made them.
   */
  public boolean hasUnknownCheckpoints() {
    return reading(
        () -> {
          for (FileStatus child : children(folder)) {
            if (!child.getPath().getName().matches(RUN_NAMES)
                && !metadataBelow(child.getPath(), 1).isEmpty()) {
              return true;
            }
          }
          return false;
        });
  }

  /** Whether a run has a complete checkpoint of a job. */
  public boolean holds(Run run, String jobId) {
    return reading(() -> !metadataBelow(new Path(run.folder(), jobId), 1).isEmpty());
  }

  /**
   * Removes the checkpoints that a job does not need any more, because it has its own: those of
   * jobs that it descends from, and all that were discarded. Savepoints stay.
   *
   * @param run the run of the job
   * @param jobId Flink's id of the job, which has completed a checkpoint
   */
  public void removeOthers(Run run, String jobId) {
    writing(
        () -> {
          removeCheckpoints(folder, "");
          for (FileStatus child : children(folder)) {
            if (child.getPath().equals(run.folder())) {
              removeCheckpoints(child.getPath(), jobId);
            } else if (child.getPath().getName().matches(RUN_NAMES)) {
              removeCheckpoints(child.getPath(), "");
              if (children(child.getPath()).isEmpty()) {
                child.getPath().getFileSystem().delete(child.getPath(), true);
              }
            }
          }
        });
  }

  /**
   * Has the job forget all of its state: it is moved away, to where no start looks. The job must
   * not run.
   *
   * @param to the folder that it becomes, of the same file system
   * @throws LakeException when it cannot be moved
   */
  public void moveTo(Path to) {
    writing(
        () -> {
          FileSystem files = folder.getFileSystem();
          if (files.exists(folder)) {
            files.mkdirs(to.getParent());
            if (!files.rename(folder, to)) {
              throw new IOException("the file system refused to rename it to " + to);
            }
          }
        });
  }

  private static void removeCheckpoints(Path folder, String except) throws IOException {
    for (FileStatus child : children(folder)) {
      String name = child.getPath().getName();
      if (name.matches(JOB_ID) && !name.equals(except)) {
        child.getPath().getFileSystem().delete(child.getPath(), true);
      }
    }
  }

  /** The folders in a folder. */
  private static List<FileStatus> children(Path folder) throws IOException {
    FileSystem files = folder.getFileSystem();
    List<FileStatus> children = new ArrayList<>();
    if (files.exists(folder)) {
      for (FileStatus child : files.listStatus(folder)) {
        if (child.isDir()) {
          children.add(child);
        }
      }
    }
    return children;
  }

  private static List<FileStatus> metadataBelow(Path folder, int depth) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    FileSystem files = folder.getFileSystem();
    FileStatus[] all = files.exists(folder) ? files.listStatus(folder) : null;
    if (all == null) {
      // A job that runs removes its older checkpoints, also at this moment.
      return found;
    }
    for (FileStatus child : all) {
      if (child.isDir() && depth > 0) {
        found.addAll(metadataBelow(child.getPath(), depth - 1));
      } else if (child.getPath().getName().equals("_metadata")) {
        found.add(child);
      }
    }
    return found;
  }

  private static void write(Path file, String text) throws IOException {
    FileSystem files = file.getFileSystem();
    files.mkdirs(file.getParent());
    try (OutputStream out = files.create(file, WriteMode.OVERWRITE)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private Optional<String> read(Run run, String name) {
    return reading(
        () -> {
          Path file = new Path(run.folder(), name);
          FileSystem files = file.getFileSystem();
          if (!files.exists(file)) {
            return Optional.empty();
          }
          try (FSDataInputStream in = files.open(file)) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
          }
        });
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  @FunctionalInterface
  private interface Writing {
    void write() throws IOException;
  }

  private <T> T reading(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw failure(ErrorCode.CHECKPOINTS_UNREADABLE, "read", e);
    }
  }

  private void writing(Writing writing) {
    try {
      writing.write();
    } catch (IOException e) {
      throw failure(ErrorCode.CHECKPOINTS_NOT_WRITTEN, "changed", e);
    }
  }

  private LakeException failure(ErrorCode code, String what, IOException cause) {
    return new LakeException(
        code,
        "The checkpoints of %s in %s cannot be %s: %s"
            .formatted(job, folder, what, LakeException.rootMessage(cause)),
        "Check `cluster: checkpoints:` in lake.yaml, and that this user can write there.",
        cause);
  }
}
