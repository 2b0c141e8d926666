/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import io.tidelake.doctor.Check.Area;
import io.tidelake.doctor.Check.Level;
import io.tidelake.doctor.ClassPath.Jar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether the jars of a class path go together, as far as their names say. */
final class JarCheck {

  /** Artifacts that are released together and work with their own version only. */
  private record Family(String name, Pattern artifacts) {

    boolean has(JarName jar) {
      // Connectors with a version of their own have Flink's behind it.
      return artifacts.matcher(jar.artifact()).matches()
          && !(isConnector(jar) && jar.version().contains("-"));
    }
  }

  private static final List<Family> FAMILIES =
      List.of(
          new Family(
              "Flink",
              Pattern.compile("flink-(?!shaded-|cdc-|ml-|autoscaler|kubernetes-operator).+")),
          new Family("Paimon", Pattern.compile("paimon-.+")),
          new Family("Log4j", Pattern.compile("log4j-(?!over-slf4j).+")),
          new Family("Kafka", Pattern.compile("kafka[-_].+|connect-(api|json|runtime|transforms)")),
          new Family("Debezium", Pattern.compile("debezium-.+")),
          // iceberg-publisher is ours.
          new Family("Iceberg", Pattern.compile("iceberg-(?!publisher).+")));

  /** A jar that must be found before another one. */
  private record Order(String first, String second, Level otherwise, String why) {}

  private static final String SHIMS =
      "Paimon's jar has stand-ins for Variant classes that Flink has itself.";

  private static final Pattern CONNECTOR = Pattern.compile("flink-(sql-)?connector-.+");
  private static final String PAIMON_JAR = "paimon-flink-";
  private static final String LOGGING = "log4j-core";

  private final String name;
  private final ClassPath classPath;
  private final BuiltWith built;
  private final List<Check> found = new ArrayList<>();

  private JarCheck(String name, ClassPath classPath, BuiltWith built) {
    this.name = name;
    this.classPath = classPath;
    this.built = built;
  }

  /**
   * Checks a class path.
   *
   * @param name what the check is called
   * @param there whether a file or folder is there
   * @param howToGet what to do when one is not
   * @param logs whether the process logs with Log4j
   */
  static List<Check> run(
      String name,
      ClassPath classPath,
      Predicate<Path> there,
      String howToGet,
      BuiltWith built,
      boolean logs) {
    JarCheck check = new JarCheck(name, classPath, built);
    check.missing(there, howToGet);
    check.doubled();
    check.several();
    FAMILIES.forEach(check::ofOneVersion);
    check.asBuilt();
    check.inOrder();
    if (logs && !check.artifacts().contains(LOGGING)) {
      check.warn(
          LOGGING + " is missing: nothing is logged", "Add it beside log4j-api, in its version.");
    }
    return check.found.isEmpty()
        ? List.of(Check.ok(Area.installation, name, classPath.entries().size() + " jars"))
        : check.found;
  }

  private void missing(Predicate<Path> there, String howToGet) {
    List<Path> missing = classPath.entries().stream().distinct().filter(there.negate()).toList();
    if (!missing.isEmpty()) {
      problem(
          "%d of %d files are missing: %s"
              .formatted(missing.size(), classPath.entries().size(), few(missing)),
          howToGet);
    }
  }

  private void doubled() {
    Set<Path> seen = new HashSet<>();
    Set<Path> twice =
        classPath.entries().stream()
            .filter(entry -> !seen.add(entry))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!twice.isEmpty()) {
      warn("named twice: " + few(twice), "Remove the second one.");
    }
  }

  private void several() {
    for (List<Jar> jars : classPath.severalOfOneArtifact()) {
      String artifact = jars.get(0).name().artifact();
      Set<String> versions =
          jars.stream()
              .map(jar -> jar.name().version())
              .collect(Collectors.toCollection(TreeSet::new));
      if (versions.size() > 1) {
        problem(
            "%s in the versions %s: classes of the first are taken, %s"
                .formatted(artifact, String.join(" and ", versions), jars.get(0).name().version()),
            "Keep one of them. `./mvnw dependency:tree -Dincludes=:%s` says who needs which."
                .formatted(artifact));
      } else if (jars.stream().map(Jar::name).distinct().count() < jars.size()) {
        warn(
            "%s twice: %s".formatted(artifact, few(jars.stream().map(Jar::path).toList())),
            "Remove one of them.");
      }
    }
  }

  private void ofOneVersion(Family family) {
    Map<String, List<String>> byVersion =
        classPath.jars().stream()
            .map(Jar::name)
            .filter(family::has)
            .collect(
                Collectors.groupingBy(
                    JarName::version,
                    TreeMap::new,
                    Collectors.mapping(JarName::artifact, Collectors.toList())));
    if (byVersion.size() > 1) {
      problem(
          "%s in different versions: %s"
              .formatted(
                  family.name(),
                  byVersion.entrySet().stream()
                      .map(version -> version.getKey() + " (" + few(version.getValue()) + ")")
                      .collect(Collectors.joining(", "))),
          "Take all of %s in one version.".formatted(family.name()));
    }
  }

  private void asBuilt() {
    for (Jar jar : classPath.jars()) {
      JarName is = jar.name();
      if (is.artifact().equals("flink-core")) {
        as("Flink", is, built.flink());
      } else if (is.artifact().startsWith(PAIMON_JAR)) {
        as("Paimon", is, built.paimon());
        if (!is.artifact().equals(built.paimonJar())) {
          madeForOther(is, is.artifact().substring(PAIMON_JAR.length()), built.paimonJar());
        }
      } else if (isConnector(is) && is.version().contains("-")) {
        String flink = is.version().substring(is.version().indexOf('-') + 1);
        String tested = built.kafkaConnector();
        if (!flink.equals(BuiltWith.line(built.flink())) && !tested.endsWith("-" + flink)) {
          madeForOther(is, flink, "flink-connector-kafka " + tested);
        }
      }
    }
  }

  private void as(String product, JarName is, String tested) {
    String found = "%s %s; this Tidelake is built with %s".formatted(product, is.version(), tested);
    String whatToDo = "Take %s %s.".formatted(is.artifact(), tested);
    if (!BuiltWith.line(is.version()).equals(BuiltWith.line(tested))) {
      problem(found, whatToDo);
    } else if (!is.version().equals(tested)) {
      warn(found, whatToDo);
    }
  }

  private void madeForOther(JarName is, String flink, String tested) {
    problem(
        "%s is made for Flink %s; with Flink %s goes %s"
            .formatted(is, flink, built.flink(), tested),
        "Take the one that goes with Flink %s.".formatted(built.flink()));
  }

  private void inOrder() {
    List<Order> orders =
        List.of(
            new Order("flink-core", built.paimonJar(), Level.PROBLEM, SHIMS),
            new Order("flink-table-common", built.paimonJar(), Level.PROBLEM, SHIMS),
            new Order(
                "merge-udfs",
                built.paimonJar(),
                Level.WARNING,
                "Else Paimon's own function merges column groups, slowly."));
    for (Order order : orders) {
      int second = classPath.placeOf(order.second());
      if (second >= 0 && classPath.placeOf(order.first()) > second) {
        found.add(
            new Check(
                Area.installation,
                name,
                order.otherwise(),
                "%s lies behind %s".formatted(order.first(), order.second()),
                "Put it in front. " + order.why()));
      }
    }
  }

  private Set<String> artifacts() {
    return classPath.jars().stream().map(jar -> jar.name().artifact()).collect(Collectors.toSet());
  }

  private static boolean isConnector(JarName jar) {
    return CONNECTOR.matcher(jar.artifact()).matches();
  }

  /** The first of many; those who mend one mend the others, too. */
  private static String few(Collection<?> all) {
    String text = all.stream().limit(3).map(Object::toString).collect(Collectors.joining(", "));
    return all.size() > 3 ? text + " and " + (all.size() - 3) + " more" : text;
  }

  private void warn(String text, String whatToDo) {
    found.add(Check.warning(Area.installation, name, text, whatToDo));
  }

  private void problem(String text, String whatToDo) {
    found.add(Check.problem(Area.installation, name, text, whatToDo));
  }
}
