package io.tidelake.cli;

import io.tidelake.backfill.BackfillHistory;
import io.tidelake.backfill.BackfillRun;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lake backfill status}. */
@Command(
    name = "status",
    description = "List the runs, the latest first, and how far they are.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Example: lake backfill status -o json"})
final class BackfillStatusCommand implements Callable<Integer> {

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LakeConfig config = lake.config();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      BackfillHistory history = new BackfillHistory(catalog);
      List<BackfillRun> runs = history.runs();
      if (output.isJson()) {
        OutputOption.printJson(spec.commandLine().getOut(), runs);
        return 0;
      }
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("run", "mode", "state", "done", "of", "started", "message"));
      for (BackfillRun run : runs) {
        lines.add(
            List.of(
                run.id(),
                run.mode().toString(),
                run.state().name(),
                String.valueOf(history.receipts(run.id()).size()),
                String.valueOf(run.partitions().size()),
                run.startedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                run.message().orElse("")));
      }
      TextTable.print(lines, spec.commandLine().getOut());
    }
    return 0;
  }
}
