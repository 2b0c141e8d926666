package io.tidelake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What holds for all commands. */
class LakeTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "frobnicate                          | frobnicate",
        "frobnicate --help                   | frobnicate",
        "--help frobnicate                   | frobnicate",
        "tables frobnicate --help            | frobnicate",
        "tables show --frobnicate --help     | --frobnicate",
        "tables show --help --frobnicate     | --frobnicate",
        "stream list frobnicate --version    | frobnicate",
      })
  void whatIsUnknownIsAnErrorAlsoBesideHelp(String line, String unknown) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).containsPattern("^(Unmatched argument|Unknown option).*'" + unknown + "'");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void helpIsNoError() {
    assertThat(run("tables", "show", "--help")).isZero();
    assertThat(out.toString()).contains("Usage: lake tables show").contains("Example: lake");
    assertThat(err.toString()).isEmpty();
  }

  private int run(String... arguments) {
    CommandLine command = Lake.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
