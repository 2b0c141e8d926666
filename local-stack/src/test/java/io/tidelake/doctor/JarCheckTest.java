/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidelake.doctor.Check.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JarCheckTest {

  private static final BuiltWith BUILT =
      new BuiltWith("2.3.0", "2.0.0", "paimon-flink-2.0", "5.0.0-2.2");

  /** A class path with which all is well. */
  private static final List<String> GOOD =
      List.of(
          "flink-core-2.3.0",
          "flink-shaded-jackson-2.20.1-21.0",
          "flink-connector-base-2.3.0",
          "flink-connector-kafka-5.0.0-2.2",
          "merge-udfs-0.1.0-SNAPSHOT",
          "flink-table-planner-loader-2.3.0",
          "flink-table-common-2.3.0",
          "paimon-flink-2.0-2.0.0",
          "kafka_2.13-4.1.1",
          "kafka-clients-4.1.1",
          "connect-runtime-4.1.1",
          "debezium-core-3.5.0.Final",
          "debezium-api-3.5.0.Final",
          "iceberg-publisher-0.1.0-SNAPSHOT",
          "iceberg-core-1.10.1",
          "jackson-annotations-2.21",
          "jackson-core-2.21.1",
          "netty-transport-native-epoll-4.1.1",
          "netty-transport-native-epoll-4.1.1-linux-x86_64",
          "log4j-api-2.25.1",
          "log4j-core-2.25.1",
          "log4j-over-slf4j-2.0.17");

  @Test
  void findsNothingWhereAllGoesTogether() {
    assertThat(found(GOOD))
        .singleElement()
        .returns(Level.OK, Check::level)
        .returns("jars of test", Check::name)
        .returns(GOOD.size() + " jars", Check::found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka-clients-4.1.1                    | kafka-clients-4.0.0      | PROBLEM | Kafka in different versions: 4.0.0 (kafka-clients), 4.1.1 (kafka_2.13, connect-runtime)",
        "flink-connector-base-2.3.0             | flink-connector-base-2.2.0 | PROBLEM | Flink in different versions: 2.2.0 (flink-connector-base), 2.3.0 (flink-core, flink-table-planner-loader, flink-table-common)",
        "debezium-api-3.5.0.Final               | debezium-api-3.3.0.Final | PROBLEM | Debezium in different versions",
        "log4j-api-2.25.1                       | log4j-api-2.17.1         | PROBLEM | Log4j in different versions: 2.17.1 (log4j-api), 2.25.1 (log4j-core)",
        "log4j-core-2.25.1                      | x-1.0                    | WARNING | log4j-core is missing: nothing is logged",
        "paimon-flink-2.0-2.0.0                 | paimon-flink-1.20-2.0.0  | PROBLEM | paimon-flink-1.20 2.0.0 is made for Flink 1.20; with Flink 2.3.0 goes paimon-flink-2.0",
        "paimon-flink-2.0-2.0.0                 | paimon-flink-2.0-2.0.1   | WARNING | Paimon 2.0.1; this Tidelake is built with 2.0.0",
        "paimon-flink-2.0-2.0.0                 | paimon-flink-2.0-1.4.2   | PROBLEM | Paimon 1.4.2; this Tidelake is built with 2.0.0",
        "flink-connector-kafka-5.0.0-2.2        | flink-connector-kafka-3.4.0-1.20 | PROBLEM | flink-connector-kafka 3.4.0-1.20 is made for Flink 1.20",
      })
  void findsWrongVersions(String good, String wrong, Level level, String text) {
    assertThat(found(replaced(good, wrong)))
        .singleElement()
        .returns(level, Check::level)
        .satisfies(check -> assertThat(check.found()).startsWith(text))
        .satisfies(check -> assertThat(check.whatToDo()).isNotEmpty());
  }

  @Test
  void aConnectorOfTheFlinkThatIsThereIsRight() {
    assertThat(
            found(replaced("flink-connector-kafka-5.0.0-2.2", "flink-connector-kafka-5.1.0-2.3")))
        .singleElement()
        .returns(Level.OK, Check::level);
  }

  @Test
  void anotherFlinkIsAProblem() {
    List<String> other = GOOD.stream().map(jar -> jar.replace("-2.3.0", "-2.2.1")).toList();
    assertThat(found(other))
        .extracting(Check::level, Check::found)
        .containsExactly(tuple(Level.PROBLEM, "Flink 2.2.1; this Tidelake is built with 2.3.0"));
  }

  @Test
  void findsAnArtifactInTwoVersions() {
    assertThat(found(with("jackson-core-2.19.2")))
        .singleElement()
        .returns(Level.PROBLEM, Check::level)
        .returns(
            "jackson-core in the versions 2.19.2 and 2.21.1: classes of the first are taken, 2.21.1",
            Check::found);
  }

  @Test
  void findsWhatIsThereTwice() {
    assertThat(found(with("jackson-core-2.21.1")))
        .singleElement()
        .returns(Level.WARNING, Check::level)
        .returns("named twice: lib/jackson-core-2.21.1.jar", Check::found);
    List<Path> entries = paths(GOOD);
    List<Path> copied =
        Stream.concat(entries.stream(), Stream.of(Path.of("more", "jackson-core-2.21.1.jar")))
            .toList();
    assertThat(check(copied))
        .singleElement()
        .returns(Level.WARNING, Check::level)
        .returns(
            "jackson-core twice: lib/jackson-core-2.21.1.jar, more/jackson-core-2.21.1.jar",
            Check::found);
  }

  /** Of the AWS SDK and of JetBrains; each has a folder of its own in a repository. */
  @Test
  void artifactsOfOneNameInTwoGroupsAreDifferent() {
    assertThat(
            check(
                Stream.of(
                        "m2/software/amazon/awssdk/annotations/2.47.4/annotations-2.47.4.jar",
                        "m2/org/jetbrains/annotations/26.0/annotations-26.0.jar",
                        "m2/x/log4j-core/2.25.1/log4j-core-2.25.1.jar")
                    .map(Path::of)
                    .toList()))
        .singleElement()
        .returns(Level.OK, Check::level);
    assertThat(
            check(
                Stream.of(
                        "m2/org/jetbrains/annotations/25.0/annotations-25.0.jar",
                        "m2/org/jetbrains/annotations/26.0/annotations-26.0.jar",
                        "m2/x/log4j-core/2.25.1/log4j-core-2.25.1.jar")
                    .map(Path::of)
                    .toList()))
        .singleElement()
        .returns(Level.PROBLEM, Check::level);
  }

  @ParameterizedTest
  @CsvSource({
    "flink-core-2.3.0, flink-core, PROBLEM",
    "flink-table-common-2.3.0, flink-table-common, PROBLEM",
    "merge-udfs-0.1.0-SNAPSHOT, merge-udfs, WARNING"
  })
  void findsWrongOrder(String jar, String artifact, Level level) {
    List<String> last =
        Stream.concat(GOOD.stream().filter(other -> !other.equals(jar)), Stream.of(jar)).toList();
    assertThat(found(last))
        .singleElement()
        .returns(level, Check::level)
        .returns(artifact + " lies behind paimon-flink-2.0", Check::found);
  }

  @Test
  void findsMissingFiles() {
    assertThat(
            JarCheck.run(
                "jars of test",
                new ClassPath(paths(GOOD)),
                path -> !path.endsWith("flink-core-2.3.0.jar"),
                "Get them.",
                BUILT,
                true))
        .singleElement()
        .returns(Level.PROBLEM, Check::level)
        .returns(
            "1 of %d files are missing: lib/flink-core-2.3.0.jar".formatted(GOOD.size()),
            Check::found);
  }

  @Test
  void theVersionsOfThisBuildAreThoseOfItsClassPath() {
    assertThat(InstallationChecks.ownJars()).extracting(Check::level).containsOnly(Level.OK);
    assertThat(BuiltWith.thisBuild().flink()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(System.getProperty("java.class.path"))
        .contains(
            "%s-%s.jar"
                .formatted(BuiltWith.thisBuild().paimonJar(), BuiltWith.thisBuild().paimon()));
  }

  private static List<String> replaced(String good, String other) {
    assertThat(GOOD).contains(good);
    return GOOD.stream().map(jar -> jar.equals(good) ? other : jar).toList();
  }

  private static List<String> with(String... jars) {
    return Stream.concat(GOOD.stream(), Arrays.stream(jars)).toList();
  }

  private static List<Path> paths(List<String> jars) {
    return jars.stream().map(jar -> Path.of("lib", jar + ".jar")).toList();
  }

  private static List<Check> found(List<String> jars) {
    return check(paths(jars));
  }

  private static List<Check> check(List<Path> entries) {
    return JarCheck.run("jars of test", new ClassPath(entries), path -> true, "", BUILT, true);
  }
}
