/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli;

import io.tidelake.docs.GeneratedPage;
import java.util.LinkedHashSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The page of the commands is what their {@code --help} says. */
class CommandReferenceTest {

  private static final String HEAD =
      """
      # Commands

      What `--help` says of each command; `lake completion` gives bash and zsh their names. `CommandReferenceTest` makes this page from
      the code.
      """;

  private static final int WIDTH = 110;

  @Test
  void thePageIsThatOfTheCode() throws Exception {
    StringBuilder page = new StringBuilder(HEAD);
    append(Lake.commandLine(), page);
    GeneratedPage.check("commands.md", page.toString(), getClass());
  }

  private static void append(CommandLine command, StringBuilder page) {
    if (command.getCommandSpec().usageMessage().hidden()) {
      return;
    }
    command.setUsageHelpWidth(WIDTH);
    page.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n");
    command
        .getUsageMessage(Ansi.OFF)
        .lines()
        .forEach(
            line -> page.append(line.isBlank() ? "" : "    " + line.stripTrailing()).append('\n'));
    // A command with a second name stands there twice.
    new LinkedHashSet<>(command.getSubcommands().values()).forEach(each -> append(each, page));
  }
}
