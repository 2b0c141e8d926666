package io.tidelake.backfill;

import io.tidelake.merge.Version;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run of a backfill or of an undo, as {@code ops_backfill_run} records it.
 *
 * @param id names the run
 * @param target the table that it writes
 * @param mode what its values may replace
 * @param version version of every column group that it writes
 * @param mapping file of the mapping; empty for an undo
 * @param input where the snapshot is; empty for an undo
 * @param undoneRun the run that an undo undoes
 * @param partitions values of {@code dt} in the order in which they are written; one empty text for
 *     a table without partitions
 * @param state how far it came
 * @param message why it failed
 * @param startedBy user and host
 * @param startedAt when it was started
 * @param finishedAt when it was done or failed
 */
public record BackfillRun(
    String id,
    String target,
    BackfillMode mode,
    long version,
    Optional<String> mapping,
    Optional<String> input,
    Optional<String> undoneRun,
    List<String> partitions,
    State state,
    Optional<String> message,
    String startedBy,
    Instant startedAt,
    Optional<Instant> finishedAt) {

  /** How far a run came. */
  public enum State {
    running,
    done,
    failed
  }

  public BackfillRun {
    partitions = List.copyOf(partitions);
  }

  /** The instant that its snapshot describes, in microseconds since 1970. */
  long asOfMicros() {
    return Version.micros(version);
  }

  /** The same run when it is done. */
  BackfillRun done(Instant at) {
    return ended(State.done, Optional.empty(), at);
  }

  /** The same run when it has failed. */
  BackfillRun failed(String reason, Instant at) {
    return ended(State.failed, Optional.of(reason), at);
  }

  /** The same run when it goes on. */
  BackfillRun resumed() {
    return new BackfillRun(
        id,
        target,
        mode,
        version,
        mapping,
        input,
        undoneRun,
        partitions,
        State.running,
        Optional.empty(),
        startedBy,
        startedAt,
        Optional.empty());
  }

  private BackfillRun ended(State as, Optional<String> reason, Instant at) {
    return new BackfillRun(
        id,
        target,
        mode,
        version,
        mapping,
        input,
        undoneRun,
        partitions,
        as,
        reason,
        startedBy,
        startedAt,
        Optional.of(at));
  }
}
