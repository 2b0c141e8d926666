package io.tidelake.cli;

import io.tidelake.stack.StackAddresses;
import io.tidelake.streaming.FlinkCluster;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lake status}. */
@Command(
    name = "status",
    description = "Show the local stack: its servers and the jobs on its Flink.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake status -o json"})
final class StatusCommand implements Callable<Integer> {

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;

  /** What is printed for machines. */
  private record Status(
      boolean running,
      String workDir,
      Map<String, Integer> ports,
      List<FlinkCluster.JobStatus> jobs) {}

  @Override
  public Integer call() throws Exception {
    Optional<StackAddresses> stack = lake.runningStack();
    Status status =
        stack
            .map(
                running ->
                    new Status(
                        true,
                        running.workDir(),
                        new TreeMap<>(running.ports()),
                        new FlinkCluster("127.0.0.1:" + running.port("flink")).jobs()))
            .orElse(new Status(false, lake.stackDir().toString(), Map.of(), List.of()));
    if (output.isJson()) {
      OutputOption.printJson(new PrintWriter(System.out, true), status);
    } else if (!status.running()) {
      System.out.println("The local stack is not running; `lake up` starts it.");
    } else {
      System.out.println("work directory   " + status.workDir());
      status.ports().forEach((name, port) -> System.out.printf("%-17s127.0.0.1:%d%n", name, port));
      StreamCommand.print(status.jobs());
    }
    return 0;
  }
}
