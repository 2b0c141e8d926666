/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.executiongraph.failover.ExponentialDelayRestartBackoffTimeStrategy;
import org.apache.flink.runtime.executiongraph.failover.RestartBackoffTimeStrategy;
import org.apache.flink.runtime.executiongraph.failover.RestartBackoffTimeStrategyFactoryLoader;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a job of the shipped configuration outlives an outage, by Flink's own arithmetic. */
class RestartBackoffTest {

  private static final Duration OUTLIVED_AT_LEAST = Duration.ofMinutes(15);
  private static final Duration BACK_WITHIN = Duration.ofSeconds(20);

  @ParameterizedTest
  @ValueSource(ints = {15, 24 * 60})
  void aJobOutlivesAnOutageInWhichEachRestartFailsAtOnce(int minutes) throws Exception {
    LakeConfig config = LakeConfig.load(ProjectFile.find(), Map.of());
    for (JobConfig job : config.jobs().values()) {
      Configuration flink = Configuration.fromMap(config.flinkOf(job));
      Duration outlived = outlived(flink, Duration.ofMinutes(minutes));
      assertThat(outlived).isGreaterThanOrEqualTo(Duration.ofMinutes(minutes));
    }
  }

  /** With eight attempts, as it once was, the sum is far from enough: the test can tell. */
  @ParameterizedTest
  @ValueSource(ints = 8)
  void aBoundOnTheAttemptsIsSeen(int attempts) throws Exception {
    Configuration flink =
        Configuration.fromMap(LakeConfig.load(ProjectFile.find(), Map.of()).flink());
    flink.setString(
        "restart-strategy.exponential-delay.attempts-before-reset-backoff",
        String.valueOf(attempts));
    assertThat(outlived(flink, OUTLIVED_AT_LEAST)).isBetween(seconds(30), seconds(70));
  }

  /** The sum of the backoffs until the job is given up, or the outage is over. */
  private static Duration outlived(Configuration flink, Duration outage) throws Exception {
    ManualClock clock = new ManualClock();
    RestartBackoffTimeStrategy.Factory factory =
        RestartBackoffTimeStrategyFactoryLoader.createRestartBackoffTimeStrategyFactory(
            flink, new Configuration(), true);
    assertThat(factory)
        .isInstanceOf(
            ExponentialDelayRestartBackoffTimeStrategy
                .ExponentialDelayRestartBackoffTimeStrategyFactory.class);
    // The strategy looks at the clock; a day is not to be waited for.
    Field field = factory.getClass().getDeclaredField("clock");
    field.setAccessible(true);
    field.set(factory, clock);
    RestartBackoffTimeStrategy strategy = factory.create();
    Duration outlived = Duration.ZERO;
    while (outlived.compareTo(outage) < 0) {
      clock.advanceTime(Duration.ofMillis(1));
      strategy.notifyFailure(new IllegalStateException("no metastore"));
      if (!strategy.canRestart()) {
        return outlived;
      }
      Duration backoff = Duration.ofMillis(strategy.getBackoffTime());
      assertThat(backoff).isPositive().isLessThanOrEqualTo(BACK_WITHIN);
      clock.advanceTime(backoff);
      outlived = outlived.plus(backoff);
    }
    return outlived;
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
