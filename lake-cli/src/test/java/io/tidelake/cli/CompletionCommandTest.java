/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bash makes of the script. */
class CompletionCommandTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lake dead          | dead-letters",
        "lake tables sh     | show",
        "lake tables show --out | --output",
        "lake tables show -o js | json",
      })
  void completes(String typed, String completed) throws Exception {
    assertThat(complete(typed.split(" "))).isEqualTo(completed);
  }

  private String complete(String... words) throws IOException, InterruptedException {
    StringWriter script = new StringWriter();
    assertThat(Lake.commandLine().setOut(new PrintWriter(script, true)).execute("completion"))
        .isZero();
    Path file = folder.resolve("completion");
    Files.writeString(file, script.toString());
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                """
                source %s
                COMP_WORDS=(%s) COMP_CWORD=%d
                _complete_lake
                echo "${COMPREPLY[*]}"
                """
                    .formatted(file, String.join(" ", words), words.length - 1))
            .start();
    assertThat(bash.waitFor()).isZero();
    return new String(bash.getInputStream().readAllBytes(), UTF_8).strip();
  }
}
