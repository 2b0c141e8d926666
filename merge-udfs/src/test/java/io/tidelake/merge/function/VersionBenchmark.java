/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function;

import io.tidelake.merge.function.aggregate.PreferRealtime;
import io.tidelake.merge.function.version.CorrectionVersion;
import io.tidelake.merge.function.version.RealtimeVersion;
import io.tidelake.merge.function.version.SnapshotVersion;
import io.tidelake.merge.function.version.VersionIfAny;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time and allocation of one call of a version function, as Flink's generated code calls it: the
 * answer is unboxed at once. Flink hands over a {@link TimestampData} that the reader has made.
 *
 * <pre>{@code
 * ./mvnw -q -pl merge-udfs test-compile exec:exec -Dbenchmark="org.openjdk.jmh.Main VersionBenchmark -prof gc"
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class VersionBenchmark {

  private static final int CALLS = 1024;

  private final RealtimeVersion realtime = new RealtimeVersion();
  private final SnapshotVersion snapshot = new SnapshotVersion();
  private final CorrectionVersion correction = new CorrectionVersion();
  private final VersionIfAny ifAny = new VersionIfAny();
  private final PreferRealtime preferRealtime = new PreferRealtime();
  private final TimestampData[] times = new TimestampData[CALLS];
  private final StringData value = StringData.fromString("HZ01");
  private int next;

  @Setup
  public void makeTimes() {
    for (int i = 0; i < CALLS; i++) {
      times[i] = TimestampData.fromEpochMillis(1781773953123L + i * 61L, 456_000);
    }
  }

  private TimestampData time() {
    return times[next++ & (CALLS - 1)];
  }

  private static long unbox(Long version) {
    return version == null ? 0 : version;
  }

  @Benchmark
  public long baseline() {
    return time().getMillisecond();
  }

  @Benchmark
  public long realtimeVersion() {
    return unbox(realtime.eval(time()));
  }

  @Benchmark
  public long snapshotVersion() {
    return unbox(snapshot.eval(time()));
  }

  @Benchmark
  public long correctionVersion() {
    return unbox(correction.eval(time()));
  }

  @Benchmark
  public long versionIfAny() {
    return unbox(ifAny.eval(realtime.eval(time()), null, value));
  }

  @Benchmark
  public Object preferRealtime() {
    return preferRealtime.eval(value, realtime.eval(time()), null, snapshot.eval(time()));
  }
}
