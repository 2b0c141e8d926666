/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void tellsHowFarItIsAndHowLongItTakesYet() {
    AtomicLong nanos = new AtomicLong(1);
    Progress progress = new Progress(40_000, 1, nanos::get);
    assertThat(progress.text(0)).isEqualTo("0 %");

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));

    assertThat(progress.text(16_000)).isEqualTo("40 %, 1 min 30 s left");
    assertThat(progress.text(32_000)).isEqualTo("80 %, 15 s left");
    assertThat(progress.bar(16_000))
        .isEqualTo("[############------------------] 40 %, 1 min 30 s left");
    assertThat(progress.text(40_000)).isEqualTo("100 %");
  }
}
