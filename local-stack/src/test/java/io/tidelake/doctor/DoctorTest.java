/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidelake.config.LakeConfig;
import io.tidelake.doctor.Check.Area;
import io.tidelake.doctor.Check.Level;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.FreePorts;
import io.tidelake.stack.StackAddresses;
import io.tidelake.streaming.job.FlinkCluster;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

  private static final long GB = 1L << 30;

  @TempDir private Path folder;

  @Test
  void looksAtTheMachineWhereThereIsNoProject() {
    Diagnosis found = new Doctor(Optional.empty()).run();

    assertThat(found.isWell()).as(found.toString()).isTrue();
    assertThat(found.checks())
        .extracting(Check::area)
        .isSorted()
        .contains(Area.machine, Area.installation)
        .doesNotContain(Area.servers);
    assertThat(found.checks())
        .filteredOn(check -> check.area() == Area.project)
        .singleElement()
        .satisfies(check -> assertThat(check.found()).startsWith("no project here"));
  }

  @Test
  void aConfigurationThatCannotBeReadHidesNothingElse() {
    Diagnosis found =
        look(
            () -> {
              throw new LakeException(ErrorCode.CONFIG_INVALID, "It is wrong.", "Mend it.");
            });

    assertThat(found.isWell()).isFalse();
    assertThat(found.checks())
        .contains(
            new Check(Area.project, "configuration", Level.PROBLEM, "It is wrong.", "Mend it."))
        .extracting(Check::name)
        .contains("Java", "jars of lake", "jars of trino/plugins", "local stack");
  }

  @Test
  void everyPartOfAnEmptyProjectIsLookedAt() throws Exception {
    Path file = folder.resolve("lake.yaml");
    Files.writeString(file, "catalog: {warehouse: w}\nsource: {}\ncluster: {}\n");

    Diagnosis found = look(() -> LakeConfig.load(file, Map.of()));

    assertThat(found.checks())
        .filteredOn(check -> check.level() == Level.PROBLEM)
        .singleElement()
        .returns("tables", Check::name)
        .satisfies(check -> assertThat(check.found()).contains("There is no folder"));
    assertThat(found.checks())
        .filteredOn(check -> check.area() == Area.servers)
        .extracting(Check::found)
        .contains("not configured (`cluster: rest-address` in lake.yaml)")
        .anyMatch(text -> text.startsWith("no tables yet in " + folder.resolve("w")));
    assertThat(folder.resolve("w")).doesNotExist();
  }

  @Test
  void serversElsewhereShouldAnswer() throws Exception {
    Path file = folder.resolve("lake.yaml");
    int port = FreePorts.next();
    Files.createDirectories(folder.resolve("tables"));
    Files.writeString(
        file,
        """
        catalog: {warehouse: w}
        source: {bootstrap-servers: "localhost:%1$d", connector: "http://localhost:%1$d/connectors/c"}
        cluster: {rest-address: "no-such-host.invalid:8081"}
        """
            .formatted(port));

    assertThat(look(() -> LakeConfig.load(file, Map.of())).checks())
        .filteredOn(check -> check.area() == Area.servers)
        .extracting(Check::name, Check::level)
        .contains(
            tuple("Flink", Level.PROBLEM),
            tuple("Kafka", Level.OK),
            tuple("change capture", Level.PROBLEM));
  }

  /** It would be asked in the place of Kafka. */
  @Test
  void somebodyElseAtTheAddressOfAServerIsAProblem() throws Exception {
    Path file = folder.resolve("lake.yaml");
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          file,
          """
          catalog: {warehouse: w}
          source: {bootstrap-servers: "127.0.0.1:%1$d"}
          cluster: {rest-address: "127.0.0.1:%1$d"}
          trino: {server: "127.0.0.1:%2$d"}
          """
              .formatted(other.getLocalPort(), FreePorts.next()));

      assertThat(look(() -> LakeConfig.load(file, Map.of())).checks())
          .filteredOn(check -> check.area() == Area.servers)
          .extracting(Check::name, Check::level)
          .contains(tuple("Flink", Level.PROBLEM), tuple("Trino", Level.OK));
    }
  }

  private Diagnosis look(Callable<LakeConfig> config) {
    return new Doctor(
            Optional.of(
                new Doctor.Project(
                    folder.resolve("lake.yaml"), folder.resolve(".lake/stack"), config)))
        .run();
  }

  @Test
  void neitherAnErrorNorAWaitComesOutOfACheck() {
    assertThat(
            bounded(
                () -> {
                  throw new NoClassDefFoundError("org/x/Y");
                }))
        .singleElement()
        .returns(Level.PROBLEM, Check::level)
        .returns("NoClassDefFoundError: org/x/Y", Check::found);
    assertThat(
            bounded(
                () -> {
                  new CountDownLatch(1).await(1, TimeUnit.MINUTES);
                  return List.of();
                }))
        .singleElement()
        .returns(Level.PROBLEM, Check::level)
        .returns("no answer within 1 s", Check::found);
  }

  private static List<Check> bounded(Callable<List<Check>> check) {
    return BoundedCheck.start(Area.machine, "test", Duration.ofSeconds(1), check).result();
  }

  @Test
  void judgesTheMachine() {
    assertThat(MachineChecks.java(Runtime.Version.parse("17.0.15+6"), "/jdk").level())
        .isEqualTo(Level.OK);
    assertThat(MachineChecks.java(Runtime.Version.parse("21"), "/jdk"))
        .returns(Level.WARNING, Check::level)
        .returns("Set JAVA_HOME to the folder of a JDK 17.", Check::whatToDo);
    assertThat(MachineChecks.memory(16 * GB, 8 * GB, false).level()).isEqualTo(Level.OK);
    assertThat(MachineChecks.memory(16 * GB, 5 * GB, false).whatToDo()).contains("--without-trino");
    assertThat(MachineChecks.memory(16 * GB, GB, false).level()).isEqualTo(Level.WARNING);
    assertThat(MachineChecks.memory(16 * GB, GB, true).level()).isEqualTo(Level.OK);
    assertThat(MachineChecks.disk("disk", folder, 100 << 20).level()).isEqualTo(Level.PROBLEM);
    assertThat(MachineChecks.disk("disk", folder, GB).level()).isEqualTo(Level.WARNING);
    assertThat(MachineChecks.disk("disk", folder, 10 * GB).level()).isEqualTo(Level.OK);
  }

  @Test
  void judgesTheCluster() {
    assertThat(ServerChecks.flink(cluster("2.3.1", 4), "found", "2.3.0").level())
        .isEqualTo(Level.OK);
    assertThat(ServerChecks.flink(cluster("2.3.0", 0), "found", "2.3.0").level())
        .isEqualTo(Level.WARNING);
    assertThat(ServerChecks.flink(cluster("1.20.1", 4), "found", "2.3.0").level())
        .isEqualTo(Level.PROBLEM);
  }

  @Test
  void judgesChangeCapture() {
    assertThat(ServerChecks.capture("RUNNING", "found").level()).isEqualTo(Level.OK);
    assertThat(ServerChecks.capture("PAUSED", "found").level()).isEqualTo(Level.WARNING);
    assertThat(ServerChecks.capture("FAILED", "found").level()).isEqualTo(Level.PROBLEM);
  }

  private static FlinkCluster.Overview cluster(String version, int slots) {
    return new FlinkCluster.Overview(version, 1, slots, slots);
  }

  @Test
  void findsPortsThatOthersHaveTaken() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path work = Files.createDirectories(folder.resolve(".lake/stack"));
      Files.writeString(
          work.resolve("stack.json"),
          """
          {"pid": 1, "startMillis": null, "workDir": "%s", "ports": {"flink": %d, "kafka": %d}}
          """
              .formatted(work, other.getLocalPort(), FreePorts.next()));

      assertThat(StackCheck.run(StackAddresses.find(work)))
          .extracting(Check::level)
          .containsExactly(Level.OK, Level.WARNING);
    }
  }
}
