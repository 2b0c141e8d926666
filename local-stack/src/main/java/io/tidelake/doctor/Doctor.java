/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import io.tidelake.config.LakeConfig;
import io.tidelake.doctor.Check.Area;
import io.tidelake.process.BackgroundTask;
import io.tidelake.stack.StackAddresses;
import io.tidelake.stack.server.TrinoJdk;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks at everything that commands need, before they need it. The checks run side by side, each
 * with a bound, and one that fails hides none of the others.
 */
public final class Doctor {

  private static final Duration QUICK = Duration.ofSeconds(10);

  /** Above the bounds of clients, which say more when theirs is over. */
  private static final Duration SERVER = Duration.ofSeconds(15);

  /** Flink's planner alone takes seconds to load. */
  private static final Duration SQL = Duration.ofSeconds(60);

  private final Optional<Project> project;
  private final List<BoundedCheck> checks = new ArrayList<>();

  /**
   * A project to look at.
   *
   * @param file its lake.yaml
   * @param stackDir the work directory of its local stack
   * @param config reads its configuration
   */
  public record Project(Path file, Path stackDir, Callable<LakeConfig> config) {}

  /**
   * A look; to be used once.
   *
   * @param project empty where there is none
   */
  public Doctor(Optional<Project> project) {
    this.project = project;
  }

  /** Looks once. */
  public Diagnosis run() {
    List<Check> found = new ArrayList<>();
    AtomicReference<LakeConfig> config = new AtomicReference<>();
    AtomicReference<StackAddresses> stack = new AtomicReference<>();
    if (project.isPresent()) {
      Project there = project.get();
      // The checks behind them need what these two find.
      found.addAll(
          BoundedCheck.start(Area.project, "configuration", QUICK, () -> read(there, config))
              .result());
      found.addAll(
          BoundedCheck.start(Area.servers, "local stack", QUICK, () -> find(there, stack))
              .result());
    } else {
      found.add(
          Check.ok(
              Area.project,
              "project",
              "no project here; `lake doctor` looks at one in its folder, or with --project"));
    }
    machine(Optional.ofNullable(config.get()), stack.get() != null);
    installation();
    if (config.get() != null) {
      projectAndServers(config.get(), Optional.ofNullable(stack.get()));
    }
    checks.forEach(check -> found.addAll(check.result()));
    found.sort(Comparator.comparing(Check::area));
    return new Diagnosis(found);
  }

  private static List<Check> read(Project project, AtomicReference<LakeConfig> config)
      throws Exception {
    config.set(project.config().call());
    return List.of(Check.ok(Area.project, "configuration", project.file() + " is valid"));
  }

  private static List<Check> find(Project project, AtomicReference<StackAddresses> running)
      throws Exception {
    Optional<StackAddresses> last = StackAddresses.find(project.stackDir());
    last.filter(StackAddresses::isRunning).ifPresent(running::set);
    return StackCheck.run(last);
  }

  private void machine(Optional<LakeConfig> config, boolean stackRuns) {
    check(Area.machine, "Java", MachineChecks::java);
    check(
        Area.machine, "Java for Trino", () -> MachineChecks.javaForTrino(TrinoJdk.ofThisMachine()));
    check(Area.machine, "system", MachineChecks::system);
    check(Area.machine, "memory", () -> MachineChecks.memory(stackRuns));
    project.ifPresent(there -> disk("the local stack", there.stackDir()));
    config
        .flatMap(there -> ServerChecks.folder(there.catalog().getOrDefault("warehouse", "")))
        .ifPresent(folder -> disk("the warehouse", folder));
    disk("temporary files", Path.of(System.getProperty("java.io.tmpdir")));
    check(Area.machine, "loopback", MachineChecks::loopback);
  }

  private void disk(String name, Path folder) {
    String title = "disk of " + name;
    check(Area.machine, title, () -> MachineChecks.disk(title, folder));
  }

  private void installation() {
    check(Area.installation, "Tidelake", InstallationChecks::home);
    check(Area.installation, InstallationChecks.nameOf("lake"), InstallationChecks::ownJars);
    for (String server : InstallationChecks.SERVERS) {
      check(
          Area.installation,
          InstallationChecks.nameOf(server),
          () -> InstallationChecks.jarsOf(server));
    }
  }

  private void projectAndServers(LakeConfig config, Optional<StackAddresses> stack) {
    ProjectChecks files = new ProjectChecks(config);
    BackgroundTask<List<SourceFile>> sources =
        BackgroundTask.start("doctor sources", () -> SourceFiles.read(config));
    check(Area.project, "folders", files::folders);
    checkSql("tables", files::tables);
    checkSql("source tables", () -> ProjectChecks.sources(sources.result()));
    checkSql("pipelines", files::pipelines);

    ServerChecks servers = new ServerChecks(config, stack);
    server("catalog", config.catalog().get("warehouse"), QUICK, servers::catalog);
    for (String address : servers.metastores()) {
      server("Hive Metastore", address, QUICK, () -> servers.metastore(address));
    }
    server("Flink", config.cluster().restAddress(), SERVER, servers::flink);
    // It waits for the source files.
    String kafka = config.source().bootstrapServers();
    server("Kafka", kafka, SQL, () -> servers.kafka(sources::result));
    server("change capture", config.source().connector(), SERVER, servers::capture);
    check(Area.servers, "source database", servers::database);
    server("Trino", config.trino().server(), SERVER, servers::trino);
  }

  private void server(String name, String address, Duration bound, Callable<List<Check>> check) {
    checks.add(BoundedCheck.start(Area.servers, name, address, bound, check));
  }

  private void check(Area area, String name, Callable<List<Check>> check) {
    checks.add(BoundedCheck.start(area, name, QUICK, check));
  }

  private void checkSql(String name, Callable<List<Check>> check) {
    checks.add(BoundedCheck.start(Area.project, name, SQL, check));
  }
}
