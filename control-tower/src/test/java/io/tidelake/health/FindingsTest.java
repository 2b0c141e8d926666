/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FindingsTest {

  private final Findings findings = new Findings(Duration.ofSeconds(1));

  @Test
  void whatDoesNotAnswerIsAProblemAndKeepsNobodyWaiting() {
    CountDownLatch never = new CountDownLatch(1);

    assertThat(
            findings.<String>ask(
                ErrorCode.LAKE_UNREADABLE,
                "nothing",
                () -> {
                  never.await();
                  return "too late";
                }))
        .isEqualTo("nothing");
    assertThat(findings.problems())
        .containsExactly(
            new Health.Problem(
                "LAKE_UNREADABLE",
                "There was no answer within 1 s.",
                "Look whether a server hangs."));
  }

  @Test
  void anAnswerIsGivenAndAnErrorIsAProblem() {
    assertThat(findings.<String>ask(ErrorCode.LAKE_UNREADABLE, "nothing", () -> "well"))
        .isEqualTo("well");
    findings.ask(
        ErrorCode.LAKE_UNREADABLE,
        null,
        () -> {
          throw new IOException("refused");
        });
    findings.ask(
        ErrorCode.LAKE_UNREADABLE,
        null,
        () -> {
          throw new LakeException(ErrorCode.TABLE_UNREADABLE, "It says so.", "Do this.");
        });
    assertThat(findings.problems())
        .extracting(Health.Problem::code, Health.Problem::message)
        .containsExactly(
            tuple("LAKE_UNREADABLE", "refused"), tuple("TABLE_UNREADABLE", "It says so."));
  }
}
