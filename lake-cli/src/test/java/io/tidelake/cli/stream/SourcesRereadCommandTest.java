/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.cli.Lake;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SourcesRereadCommandTest {

  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    CommandLine command = Lake.commandLine();
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @ParameterizedTest
  @CsvSource({
    "sources reread, Name a table",
    "sources reread --all carrier, not both",
    "sources reread carrier --resume, Name a table",
    "sources reread --stop --resume, mutually exclusive",
    "sources reread --all --where a=1, --where goes with one table",
    "sources reread carrier --wait 0, must be 1 or more"
  })
  void refusesWhatMakesNoSense(String command, String said) {
    assertThat(execute(command.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains(said);
  }

  @Test
  void saysWhenKafkaIsAway() {
    assertThat(
            execute(
                "sources",
                "reread",
                "carrier",
                "--set",
                "source/bootstrap-servers=127.0.0.1:1",
                "--set",
                "catalog/warehouse=" + System.getProperty("java.io.tmpdir") + "/reread-none"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("REREAD_NOT_CONFIGURED");
  }
}
