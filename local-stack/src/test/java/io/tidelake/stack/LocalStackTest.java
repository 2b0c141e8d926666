/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.publish.Publisher;
import io.tidelake.stack.server.CaptureWorker;
import io.tidelake.stack.server.FlinkEngineServer;
import io.tidelake.stack.server.HiveMetastoreServer;
import io.tidelake.stack.server.MariaDbServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LocalStackTest {

  private final ServerProcesses servers = new ServerProcesses();

  @TempDir private Path workDir;

  @Test
  void startsServersAgainThatHaveEndedAndEndsWithoutFlink() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    try (LocalStack stack =
        LocalStack.start(workDir, StackOptions.of(ProjectFile.find(), "1g"), said::add)) {
      refusesASecond();
      isPrivate();
      assertThat(servers.withArgument("mariadbd")).isNotEmpty();
      assertThat(servers.withArgument(MariaDbServer.CAPTURE_PASSWORD)).isEmpty();
      stack.checkAlive();
      kill(PublisherServer.class.getName());
      kill(HiveMetastoreServer.class.getName());
      kill("kafka.Kafka");
      kill("ConnectStandalone");
      killDatabase();

      stack.checkAlive();

      LakeConfig config = LakeConfig.load(ProjectFile.find(), stack.addresses().configuration());
      long publisher = servers.running(PublisherServer.class.getName()).get(0).pid();
      await("the new publisher's report")
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> String.valueOf(Publisher.status(config).publisher()).endsWith(" " + publisher));
      assertThat(said)
          .contains(
              "mariadb is running again", "kafka is running again", "capture is running again");
      assertThat(CaptureWorker.connector(stack.addresses().port("capture")).isRunning()).isTrue();

      kill(FlinkEngineServer.class.getName());
      assertThatThrownBy(stack::checkAlive)
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.SERVER_ENDED))
          .hasMessageContaining("flink");
    }
    assertThat(StackAddresses.find(workDir).orElseThrow())
        .matches(ended -> !ended.isRunning() && ended.startMillis() == null);
  }

  private void refusesASecond() {
    assertThat(StackAddresses.find(workDir).orElseThrow().isRunning()).isTrue();
    assertThatThrownBy(
            () -> LocalStack.start(workDir, StackOptions.of(ProjectFile.find(), "1g"), line -> {}))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.STACK_RUNNING))
        .hasMessageContaining("process " + ProcessHandle.current().pid());
    assertThat(StackAddresses.find(workDir).orElseThrow().isRunning()).isTrue();
  }

  private void isPrivate() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(workDir)))
        .isEqualTo("rwx------");
    for (String file : List.of("stack.json", "capture/connector.properties", "mariadb/init.sql")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(workDir.resolve(file))))
          .as(file)
          .isEqualTo("rw-------");
    }
  }

  private void kill(String mainClass) {
    kill(servers.running(mainClass));
  }

  private void killDatabase() {
    kill(
        servers.all().stream()
            .filter(process -> process.info().command().orElse("").endsWith("mariadbd"))
            .toList());
  }

  private void kill(List<ProcessHandle> server) {
    assertThat(server).hasSize(1).allMatch(ProcessHandle::destroyForcibly);
    await("its end")
        .atMost(Duration.ofSeconds(20))
        .until(() -> server.stream().noneMatch(ProcessHandle::isAlive));
  }
}
