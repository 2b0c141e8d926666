package io.tidelake.cli;

import io.tidelake.stack.StackAddresses;
import io.tidelake.tables.LakeException;
import io.tidelake.workload.WorkloadWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lake workload}. */
@Command(
    name = "workload",
    description = {
      "Write the order system's transactions into the database of the local stack, or another one.",
      "An interrupted workload goes on where it was; a database takes one workload."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake workload --orders 10000 --rate 800 --seed 3"})
final class WorkloadCommand implements Callable<Integer> {

  @Mixin private LakeOptions lake;
  @Mixin private WorkloadOptionsMixin workload;

  @Option(
      names = "--jdbc-url",
      description = "MariaDB or MySQL, with user and password. Default: that of the local stack.")
  private String jdbcUrl;

  @Override
  public Integer call() throws Exception {
    if (jdbcUrl == null) {
      jdbcUrl =
          lake.runningStack()
              .map(StackAddresses::jdbcUrl)
              .orElseThrow(
                  () ->
                      new LakeException(
                          "STACK_NOT_RUNNING",
                          "No local stack is running, and no other database was named.",
                          "Start it with `lake up`, or name a database with --jdbc-url."));
    }
    AtomicLong changes = new AtomicLong();
    WorkloadWriter.createSchema(jdbcUrl);
    new WorkloadWriter(jdbcUrl, workload.rate(), (rows, time) -> changes.addAndGet(rows.size()))
        .write(workload.options());
    System.out.println(changes + " changes are in the database");
    return 0;
  }
}
