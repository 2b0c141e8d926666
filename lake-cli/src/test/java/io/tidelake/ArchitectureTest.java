package io.tidelake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tidelake.backfill.model.BackfillPlan;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.DayCounts;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.backfill.model.Recomputation;
import io.tidelake.backfill.model.SweepResult;
import io.tidelake.config.LakeConfig;
import io.tidelake.health.Health;
import io.tidelake.merge.law.Cumulative;
import io.tidelake.merge.law.Version;
import io.tidelake.query.QueryExample;
import io.tidelake.query.QueryProgress;
import io.tidelake.query.QueryResult;
import io.tidelake.query.ResultColumn;
import io.tidelake.query.TrinoAddress;
import io.tidelake.schedule.ScheduleRun;
import io.tidelake.streaming.pipeline.Lineage;
import io.tidelake.streaming.source.SourceFinding;
import io.tidelake.tables.diff.ChangeCounts;
import io.tidelake.tables.model.CleanView;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.model.TableDefinition;
import org.apache.paimon.table.PrimaryKeyTableUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Dependencies point one way, and models know neither Flink nor Paimon. Plain tests: Surefire
 * counts none of ArchUnit's own.
 */
class ArchitectureTest {

  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tidelake");
  }

  @Test
  void dependenciesPointOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.tidelake..")
        .layer("merge law")
        .definedBy("io.tidelake.merge..")
        .layer("tables")
        .definedBy("io.tidelake.tables..")
        .layer("streaming")
        .definedBy("io.tidelake.streaming..")
        .layer("backfill")
        .definedBy("io.tidelake.backfill..")
        .layer("query")
        .definedBy("io.tidelake.query..")
        .layer("command")
        .definedBy(
            "io.tidelake.workload..",
            "io.tidelake.stack..",
            "io.tidelake.health..",
            "io.tidelake.demo..",
            "io.tidelake.benchmark..",
            "io.tidelake.cli..")
        .whereLayer("command")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("backfill")
        .mayOnlyBeAccessedByLayers("command")
        .whereLayer("query")
        .mayOnlyBeAccessedByLayers("command")
        .whereLayer("streaming")
        .mayOnlyBeAccessedByLayers("backfill", "command")
        .whereLayer("tables")
        .mayOnlyBeAccessedByLayers("streaming", "backfill", "query", "command")
        .ensureAllClassesAreContainedInArchitecture()
        .check(classes);
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
        .belongToAnyOf(Version.class, Cumulative.class)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "io.tidelake.merge..")
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
        .belongToAnyOf(
            TableDefinition.class,
            Column.class,
            TableChange.class,
            CleanView.class,
            LakeConfig.class,
            Lineage.class,
            SourceFinding.class,
            QueryExample.class,
            QueryProgress.class,
            QueryResult.class,
            ResultColumn.class,
            TrinoAddress.class,
            BackfillRequest.class,
            BackfillRun.class,
            BackfillPlan.class,
            ChangeCounts.class,
            Receipt.class,
            Recomputation.class,
            DayCounts.class,
            SweepResult.class,
            ScheduleRun.class,
            Health.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.flink..", "org.apache.paimon..", "io.trino..", "java.sql..")
        .check(classes);
  }
}
