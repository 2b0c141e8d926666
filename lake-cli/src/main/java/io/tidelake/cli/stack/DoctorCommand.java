/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.doctor.Check;
import io.tidelake.doctor.Check.Level;
import io.tidelake.doctor.Diagnosis;
import io.tidelake.doctor.Doctor;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lake doctor}. */
@Command(
    name = "doctor",
    description = {
      "Look what is missing or wrong: on this machine, in the installation, in the project, at its servers.",
      "Changes nothing. Exit code 1 when there is a PROBLEM. How the lake runs, `lake status` says."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake doctor -o json"})
public final class DoctorCommand implements Callable<Integer> {

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    lake.refuseSecrets();
    Diagnosis diagnosis =
        new Doctor(
                lake.projectIfAny()
                    .map(file -> new Doctor.Project(file, lake.stackDir(), lake::config)))
            .run();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, diagnosis);
    } else {
      print(diagnosis, out);
    }
    return diagnosis.isWell() ? 0 : 1;
  }

  private static void print(Diagnosis diagnosis, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("", "check", "found"));
    Check.Area area = null;
    for (Check check : diagnosis.checks()) {
      if (check.area() != area) {
        area = check.area();
        lines.add(List.of("", "", ""));
        lines.add(List.of(area.name(), "", ""));
      }
      lines.add(List.of("  " + check.level(), check.name(), check.found()));
      if (!check.whatToDo().isEmpty()) {
        lines.add(List.of("", "", "-> " + check.whatToDo()));
      }
    }
    TextTable.print(lines, out);
    out.println();
    out.println(
        diagnosis.checks().size() == diagnosis.count(Level.OK)
            ? "All is well."
            : "%s, %s"
                .formatted(
                    counted(diagnosis.count(Level.PROBLEM), "problem"),
                    counted(diagnosis.count(Level.WARNING), "warning")));
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
