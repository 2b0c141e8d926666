/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.docs.GeneratedPage;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the errors is that of the code. */
class ErrorReferenceTest {

  private static final String HEAD =
      """
      # Errors

      An error is told as `error CODE: what happened, with the values`, and below it what to type next. Its code says what it
      means and how the command ends:

      | exit code | |
      |---|---|
      | 0 | done |
      | 1 | failed: something is away, late, full or taken by somebody else. The same command may succeed at another time; schedules repeat it |
      | 2 | wrong usage: the command line is not understood |
      | 3 | refused: the command, the configuration or what it meets must be changed first. Until then it is not worth repeating, and schedules do not |

      An error that may be of either kind has failed. Some commands end with 1 without an error, when what they looked at is not
      as it should be; their `--help` says so. `lake status` shows codes, too: it ends with 1 when there are problems of
      any code, with 0 when there are notes only, and puts `SOURCE_` in front of what `lake sources check` finds. Where there is no
      Java, `lake` itself is refused with `JAVA_NOT_FOUND`. `ErrorReferenceTest` makes this page from the code.
      """;

  @Test
  void thePageIsThatOfTheCode() throws Exception {
    StringBuilder page = new StringBuilder(HEAD);
    for (ErrorCode.Area area : ErrorCode.Area.values()) {
      page.append(
          "\n## %s\n\n| code | exit code | what it means |\n|---|---|---|\n"
              .formatted(area.title()));
      Stream.of(ErrorCode.values())
          .filter(code -> code.area() == area)
          .map(
              code ->
                  "| `%s` | %d | %s |\n".formatted(code, code.kind().exitCode(), code.meaning()))
          .forEach(page::append);
    }
    GeneratedPage.check("errors.md", page.toString(), getClass());
  }

  @Test
  void codesAreInOrder() {
    assertThat(ErrorCode.values())
        .isSortedAccordingTo(Comparator.comparing(ErrorCode::area).thenComparing(ErrorCode::name));
  }

  @Test
  void aMeaningIsOneSentence() {
    assertThat(ErrorCode.values())
        .extracting(ErrorCode::meaning)
        .allSatisfy(meaning -> assertThat(meaning).matches("[A-Z][^.;|]*\\."))
        .doesNotHaveDuplicates();
  }
}
