package io.tidelake.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

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
                "LAKE_UNREADABLE",
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
    assertThat(findings.<String>ask("ANY", "nothing", () -> "well")).isEqualTo("well");
    findings.ask(
        "ANY",
        null,
        () -> {
          throw new IOException("refused");
        });
    findings.ask(
        "ANY",
        null,
        () -> {
          throw new LakeException("OWN_CODE", "It says so.", "Do this.");
        });
    assertThat(findings.problems())
        .extracting(Health.Problem::code, Health.Problem::message)
        .containsExactly(tuple("ANY", "refused"), tuple("OWN_CODE", "It says so."));
  }
}
