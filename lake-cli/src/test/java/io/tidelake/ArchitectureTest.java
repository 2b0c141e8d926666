/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tidelake.config.Durations;
import io.tidelake.health.Health;
import io.tidelake.merge.law.Version;
import io.tidelake.query.QueryExample;
import io.tidelake.query.QueryProgress;
import io.tidelake.query.QueryResult;
import io.tidelake.query.result.ResultColumn;
import io.tidelake.query.trino.TrinoAddress;
import io.tidelake.schedule.ScheduleRun;
import io.tidelake.streaming.pipeline.Lineage;
import io.tidelake.streaming.source.SourceFinding;
import java.util.Map;
import org.apache.paimon.table.PrimaryKeyTableUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Dependencies point one way, between modules and between packages, and models know neither Flink
 * nor Paimon. Plain tests: Surefire counts none of ArchUnit's own.
 */
class ArchitectureTest {

  /** A package is what one page can explain. */
  private static final long MOST_CLASSES = 15;

  private static final String[] FRAMEWORKS = {
    "org.apache.flink..", "org.apache.paimon..", "org.apache.iceberg..", "io.trino..", "java.sql.."
  };

  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // The tests of local-stack come as a jar.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.tidelake");
  }

  @Test
  void dependenciesOfModulesPointOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.tidelake..")
        .layer("merge-udfs")
        .definedBy("io.tidelake.merge..")
        .layer("lake-tables")
        .definedBy(
            "io.tidelake.error..",
            "io.tidelake.secret..",
            "io.tidelake.config..",
            "io.tidelake.project..",
            "io.tidelake.process..",
            "io.tidelake.tables..")
        .layer("iceberg-publisher")
        .definedBy("io.tidelake.publish..")
        .layer("streaming-writers")
        .definedBy("io.tidelake.streaming..")
        .layer("batch-backfill")
        .definedBy("io.tidelake.backfill..")
        .layer("control-tower")
        .definedBy("io.tidelake.health..", "io.tidelake.schedule..")
        .layer("data-service")
        .definedBy("io.tidelake.query..")
        .layer("local-stack")
        .definedBy(
            "io.tidelake.stack..",
            "io.tidelake.doctor..",
            "io.tidelake.screen..",
            "io.tidelake.workload..",
            "io.tidelake.demo..",
            "io.tidelake.benchmark..")
        .layer("lake-cli")
        .definedBy("io.tidelake.cli..")
        .whereLayer("merge-udfs")
        .mayNotAccessAnyLayer()
        .whereLayer("lake-tables")
        .mayOnlyAccessLayers("merge-udfs")
        .whereLayer("iceberg-publisher")
        .mayOnlyAccessLayers("merge-udfs", "lake-tables")
        .whereLayer("streaming-writers")
        .mayOnlyAccessLayers("merge-udfs", "lake-tables")
        .whereLayer("batch-backfill")
        .mayOnlyAccessLayers("merge-udfs", "lake-tables", "streaming-writers")
        .whereLayer("control-tower")
        .mayOnlyAccessLayers("lake-tables", "iceberg-publisher", "streaming-writers")
        .whereLayer("data-service")
        .mayOnlyAccessLayers("lake-tables")
        .whereLayer("local-stack")
        .mayOnlyBeAccessedByLayers("lake-cli")
        .whereLayer("lake-cli")
        .mayNotBeAccessedByAnyLayer()
        .ensureAllClassesAreContainedInArchitecture()
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.tidelake.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void packagesAreSmall() {
    Map<String, Long> sizes =
        classes.stream()
            .filter(type -> type.isTopLevelClass() && !isGenerated(type))
            // Maven makes one of each package-info.
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(groupingBy(JavaClass::getPackageName, counting()));
    assertThat(sizes)
        .hasSizeGreaterThan(10)
        .allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(MOST_CLASSES));
  }

  private static boolean isGenerated(JavaClass type) {
    return type.getSimpleName().endsWith("Builder");
  }

  @Test
  void onlyTheCommandLineKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.tidelake.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.tidelake.cli..", "picocli..")
        .check(classes);
  }

  @Test
  void theMergeLawIsPlainJava() {
    classes()
        .that()
        .resideInAPackage("io.tidelake.merge.law..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "io.tidelake.merge.law..")
        .check(classes);
  }

  /** Else column groups are merged by Paimon's own function, slowly. */
  @Test
  void theMergeLawIsFoundBeforePaimon() {
    assertThat(PrimaryKeyTableUtils.class.getProtectionDomain().getCodeSource())
        .isEqualTo(Version.class.getProtectionDomain().getCodeSource());
  }

  @Test
  void modelsKnowNoFramework() {
    noClasses()
        .that()
        .resideInAnyPackage("..model..", "io.tidelake.config..", "io.tidelake.error..")
        // Has the units of Flink's own options.
        .and()
        .doNotBelongToAnyOf(Durations.class)
        .or()
        .belongToAnyOf(
            Lineage.class,
            SourceFinding.class,
            QueryExample.class,
            QueryProgress.class,
            QueryResult.class,
            ResultColumn.class,
            TrinoAddress.class,
            ScheduleRun.class,
            Health.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(FRAMEWORKS)
        .check(classes);
  }
}
