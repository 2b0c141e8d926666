/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.pipeline.LineageReader;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.streaming.source.SourceFinding;
import io.tidelake.streaming.source.SourceFinding.Code;
import io.tidelake.streaming.source.SourceFinding.Severity;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the check finds in a real MariaDB, each made by the statement that makes it. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SourceCheckTest {

  private static final Map<String, String> AS_IT_IS = Map.of();

  /** A place for a line: in a file, in one of its statements or in any, behind a line or for it. */
  private static final Pattern PLACE =
      Pattern.compile("(\\S+\\.sql), (?:in INSERT INTO (\\w+), )?(after|instead of) (\\w+):");

  @TempDir private static Path folder;
  private static TestDatabase database;
  private static int databases;

  @TempDir private Path project;

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.start(folder);
    database.allowGrants();
  }

  @AfterAll
  static void stop() {
    if (database != null) {
      database.close();
    }
  }

  @Test
  void theShippedSchemaIsFit() throws Exception {
    String name = created();

    List<SourceFinding> findings = check(name);

    assertThat(findings).allMatch(finding -> finding.severity() == Severity.NOTE);
    assertThat(SourceCheck.refusal(findings)).isEmpty();
    // Nothing else than who can write without the log.
    assertThat(findings).extracting(SourceFinding::code).containsExactly(Code.LOG_AVOIDABLE);
    assertThat(findings.get(0).message()).contains("'shop'@'127.0.0.1'").doesNotContain("'root'");
  }

  @Test
  void tablesComeGoAndHideBehindOthers() throws Exception {
    String name = created();
    database.execute(
        name,
        "CREATE TABLE coupon (id INT PRIMARY KEY)",
        "CREATE TABLE `we-ird.ta`` 'ble\"` (id INT PRIMARY KEY)",
        "CREATE TABLE _merchant_gho LIKE merchant",
        "CREATE TABLE _merchant_ghc LIKE merchant",
        "CREATE TABLE _merchant_20260101120000_del LIKE merchant",
        "CREATE TABLE __carrier_new LIKE carrier",
        "CREATE TABLE _carrier_old LIKE carrier",
        "CREATE VIEW summary AS SELECT * FROM coupon",
        "CREATE SEQUENCE numbers",
        "DROP TABLE timeout_rule",
        "RENAME TABLE region TO regions",
        "CREATE VIEW region AS SELECT * FROM regions",
        "RENAME TABLE carrier TO Carrier");

    List<SourceFinding> findings = check(name);

    assertThat(of(findings, Code.TABLE_NOT_CAPTURED))
        .extracting(SourceFinding::table)
        .containsExactlyInAnyOrder("coupon", "regions", "we-ird.ta` 'ble\"");
    assertThat(of(findings, Code.TABLE_NOT_CAPTURED))
        .allMatch(finding -> finding.severity() == Severity.NOTE);
    assertThat(only(findings, Code.SHADOW_TABLES).message())
        .contains(
            "_carrier_old, _merchant_20260101120000_del, _merchant_ghc, _merchant_gho, __carrier_new");
    assertThat(of(findings, Code.TABLE_MISSING))
        .extracting(SourceFinding::table)
        .containsExactly("region", "timeout_rule");
    assertThat(of(findings, Code.TABLE_MISSING))
        .allMatch(finding -> finding.severity() == Severity.ERROR);
    assertThat(only(findings, Code.TABLE_NAME))
        .matches(finding -> finding.severity() == Severity.ERROR)
        .matches(finding -> finding.table().equals("Carrier"))
        .matches(finding -> finding.whatToDo().contains("${source.topic-prefix}.Carrier"));
  }

  @Test
  void aTableWhoseTopicHasAnotherNameIsComparedAllTheSame() throws Exception {
    String name = created();
    database.execute(name, "CREATE TABLE `gift card` (id INT PRIMARY KEY, worth INT)");
    Folders home = copyOfProject();
    Files.writeString(
        home.sources().resolve("source_gift_card.sql"),
        sourceFile("gift_card", "id INT", "id").replace("source_gift card", "source_gift_card"));

    List<SourceFinding> findings = check(home, name, AS_IT_IS);

    assertThat(only(findings, Code.TABLE_NAME))
        .matches(finding -> finding.severity() == Severity.WARNING)
        .matches(finding -> finding.table().equals("gift card"));
    assertThat(only(findings, Code.COLUMN_NEW).message()).contains("worth");
    assertThat(of(findings, Code.TABLE_NOT_CAPTURED)).isEmpty();
  }

  @Test
  void columnsComeGoAndAreRenamed() throws Exception {
    String name = created();
    database.execute(
        name,
        "ALTER TABLE warehouse DROP COLUMN warehouse_type",
        "ALTER TABLE merchant RENAME COLUMN category TO segment",
        "ALTER TABLE carrier RENAME COLUMN service_level TO Service_Level",
        "ALTER TABLE timeout_rule ADD COLUMN title VARCHAR(20)",
        // Of another type: no rename.
        "ALTER TABLE region DROP COLUMN country_code, ADD COLUMN population BIGINT",
        "ALTER TABLE customs_declaration DROP PRIMARY KEY, DROP COLUMN order_date, ADD PRIMARY KEY (declaration_id)");

    List<SourceFinding> findings = check(name);

    assertThat(of(findings, Code.COLUMN_MISSING))
        .extracting(SourceFinding::table, SourceFinding::severity)
        .containsExactlyInAnyOrder(
            tuple("customs_declaration", Severity.ERROR),
            tuple("region", Severity.WARNING),
            tuple("warehouse", Severity.WARNING));
    assertThat(of(findings, Code.COLUMN_RENAMED))
        .extracting(SourceFinding::table, SourceFinding::severity)
        .containsExactly(tuple("carrier", Severity.WARNING), tuple("merchant", Severity.WARNING));
    assertThat(of(findings, Code.COLUMN_RENAMED).get(1).message())
        .contains("category is gone", "segment of the same type is new");
    assertThat(of(findings, Code.COLUMN_NEW))
        .extracting(SourceFinding::table, SourceFinding::severity)
        .containsExactlyInAnyOrder(
            tuple("region", Severity.NOTE), tuple("timeout_rule", Severity.NOTE));
  }

  @Test
  void aStrictSourceTakesNoOtherColumns() throws Exception {
    String name = created();
    database.execute(
        name,
        "ALTER TABLE warehouse DROP COLUMN warehouse_type",
        "ALTER TABLE carrier ADD COLUMN title VARCHAR(20)",
        "ALTER TABLE merchant RENAME COLUMN category TO segment");
    Folders home = copyOfProject();
    for (Path file : Folders.sqlFiles(home.sources())) {
      replace(file, "'key-columns'", "'strict' = 'true',\n  'key-columns'");
    }

    List<SourceFinding> findings = check(home, name, AS_IT_IS);

    for (Code code : List.of(Code.COLUMN_MISSING, Code.COLUMN_NEW, Code.COLUMN_RENAMED)) {
      assertThat(only(findings, code).severity()).isEqualTo(Severity.ERROR);
      assertThat(only(findings, code).message()).contains("strict");
    }
  }

  @Test
  void typesThatDoNotHoldTheDatabases() throws Exception {
    String name = created();
    database.execute(
        name,
        """
        CREATE TABLE special (
          id BIGINT PRIMARY KEY, big BIGINT UNSIGNED, wide INT, small SMALLINT UNSIGNED, amount DECIMAL(20, 4),
          exact DECIMAL(10, 2), title VARCHAR(200), words TEXT, made DATETIME(6), day DATE, flag BOOLEAN, number INT,
          bits BIT(8), bit_ BIT(1), photo BLOB, raw_bytes VARBINARY(9), members SET('a', 'b'), place POINT, clock TIME,
          ratio DOUBLE, years YEAR, flag2 BOOLEAN, ident UUID)
        """);
    Folders home = copyOfProject();
    Files.writeString(
        home.sources().resolve("source_special.sql"),
        sourceFile(
            "special",
            """
            id BIGINT, big BIGINT, wide SMALLINT, small SMALLINT, amount DECIMAL(12, 2), exact DECIMAL(12, 4),
            title CHAR(100), words INT, made TIMESTAMP_LTZ(3), `day` DATE, flag TINYINT, number BOOLEAN,
            bits STRING, bit_ BOOLEAN, photo STRING, raw_bytes BYTES, members STRING, place STRING, clock STRING,
            ratio FLOAT, years SMALLINT, flag2 BOOLEAN, ident STRING
            """,
            "id"));

    List<SourceFinding> findings =
        check(home, name, AS_IT_IS).stream().filter(f -> f.table().equals("special")).toList();

    assertThat(columns(findings, Code.TYPE_UNREADABLE)).containsExactly("words", "day");
    assertThat(columns(findings, Code.TYPE_NARROW))
        .containsExactly("big", "wide", "small", "amount", "title", "made", "number", "ratio");
    assertThat(columns(findings, Code.TYPE_ARRIVES))
        .containsExactly("bits", "photo", "members", "place", "clock");
    assertThat(of(findings, Code.TYPE_NARROW).get(0).message()).contains("18446744073709551615");
    assertThat(of(findings, Code.TYPE_NARROW).get(0).whatToDo()).contains("big DECIMAL(20, 0)");
    assertThat(of(findings, Code.TYPE_UNREADABLE).get(1).whatToDo()).contains("day STRING");
    assertThat(findings)
        .hasSize(
            of(findings, Code.TYPE_UNREADABLE).size()
                + of(findings, Code.TYPE_NARROW).size()
                + of(findings, Code.TYPE_ARRIVES).size());
  }

  @Test
  void aTypeThatEndsCaptureIsAnErrorWhereverItIs() throws Exception {
    String name = created();
    database.execute(name, "CREATE TABLE visit (id INT PRIMARY KEY, address INET6)");

    List<SourceFinding> findings = check(name);

    assertThat(only(findings, Code.TYPE_STOPS_CAPTURE).refusesCapture()).isTrue();
    assertThat(only(findings, Code.TYPE_STOPS_CAPTURE).table()).isEqualTo("visit");
  }

  @Test
  void keysThatTellNoRowsApart() throws Exception {
    String name = created();
    database.execute(
        name,
        "ALTER TABLE warehouse DROP PRIMARY KEY",
        "ALTER TABLE carrier DROP PRIMARY KEY, ADD PRIMARY KEY (carrier_id, service_level)",
        // InnoDB, and change capture, take such a key for the primary one.
        "ALTER TABLE merchant DROP PRIMARY KEY, ADD UNIQUE KEY (merchant_id)");

    List<SourceFinding> findings = check(name);

    assertThat(only(findings, Code.KEY_MISSING).table()).isEqualTo("warehouse");
    assertThat(only(findings, Code.KEY_DIFFERS).table()).isEqualTo("carrier");
    assertThat(only(findings, Code.KEY_DIFFERS).message())
        .contains("(carrier_id, service_level)", "rows that differ in service_level only");
    assertThat(only(findings, Code.KEY_DIFFERS).whatToDo())
        .contains("'key-columns' = 'carrier_id;service_level'", "dim_carrier");
    assertThat(SourceCheck.refusal(findings))
        .hasValueSatisfying(
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_UNFIT);
              assertThat(refusal).hasMessageContaining("KEY_MISSING warehouse");
              assertThat(refusal.remedy()).contains("ADD PRIMARY KEY");
            });
  }

  @Test
  void settingsOfTheLog() throws Exception {
    String name = created();

    assertSetting(
        name, "binlog_format = STATEMENT", "binlog_format = ROW", Code.LOG_FORMAT, Severity.ERROR);
    assertSetting(
        name, "binlog_format = MIXED", "binlog_format = ROW", Code.LOG_FORMAT, Severity.ERROR);
    for (String image : List.of("MINIMAL", "NOBLOB", "FULL_NODUP")) {
      assertSetting(
          name,
          "binlog_row_image = " + image,
          "binlog_row_image = FULL",
          Code.LOG_ROW_IMAGE,
          Severity.ERROR);
    }
    assertSetting(
        name,
        "binlog_legacy_event_pos = 0",
        "binlog_legacy_event_pos = 1",
        Code.LOG_POSITIONS,
        Severity.ERROR);
    assertSetting(
        name,
        "binlog_row_metadata = NO_LOG",
        "binlog_row_metadata = FULL",
        Code.LOG_ROW_METADATA,
        Severity.NOTE);
    assertSetting(
        name, "expire_logs_days = 2", "expire_logs_days = 0", Code.LOG_EXPIRY, Severity.WARNING);
    assertSetting(
        name,
        "binlog_expire_logs_seconds = 3600",
        "binlog_expire_logs_seconds = 0",
        Code.LOG_EXPIRY,
        Severity.WARNING);
    assertSetting(
        name,
        "max_binlog_total_size = 10000000",
        "max_binlog_total_size = 0",
        Code.LOG_EXPIRY,
        Severity.NOTE);

    database.execute("mysql", "SET GLOBAL expire_logs_days = 3");
    try {
      assertThat(of(check(name), Code.LOG_EXPIRY)).isEmpty();
    } finally {
      database.execute("mysql", "SET GLOBAL expire_logs_days = 0");
    }
  }

  @Test
  void aDatabaseThatTheLogLeavesOut(@TempDir Path other) throws Exception {
    try (TestDatabase server =
        TestDatabase.start(other, "--binlog-ignore-db=ignored", "--lower-case-table-names=1")) {
      server.create("Ignored");
      server.create("seen");

      List<SourceFinding> ignored = check(server, shipped(), "ignored", AS_IT_IS);
      assertThat(only(ignored, Code.LOG_FILTER).message()).contains("binlog_ignore_db = ignored");
      assertThat(only(ignored, Code.LOG_FILTER).refusesCapture()).isTrue();
      assertThat(of(check(server, shipped(), "seen", AS_IT_IS), Code.LOG_FILTER)).isEmpty();
    }
    try (TestDatabase server =
        TestDatabase.start(other, "--binlog-do-db=seen", "--skip-log-bin=0")) {
      assertThat(only(check(server, shipped(), "ignored", AS_IT_IS), Code.LOG_FILTER).message())
          .contains("the databases seen only");
      assertThat(of(check(server, shipped(), "seen", AS_IT_IS), Code.LOG_FILTER)).isEmpty();
    }
    try (TestDatabase server = TestDatabase.start(other, "--skip-log-bin")) {
      assertThat(only(check(server, shipped(), "seen", AS_IT_IS), Code.LOG_OFF).refusesCapture())
          .isTrue();
    }
  }

  @Test
  void grantsThatLackOrHide() throws Exception {
    String name = created();
    String quoted = "`" + name.replace("_", "\\_") + "`.*";
    String all = "SELECT, RELOAD, LOCK TABLES, REPLICATION SLAVE, BINLOG MONITOR ON *.*";
    assertThat(missing(name, all)).isEmpty();
    assertThat(missing(name, "ALL PRIVILEGES ON *.*")).isEmpty();
    // All on the database looks like much, and gives none of the global ones.
    assertThat(missing(name, "ALL PRIVILEGES ON " + quoted))
        .containsExactly("REPLICATION SLAVE", "BINLOG MONITOR", "RELOAD");
    assertThat(
            missing(
                name,
                "RELOAD, REPLICATION SLAVE, BINLOG MONITOR ON *.*",
                "SELECT, LOCK TABLES ON `check%`.*"))
        .isEmpty();
    // The underscore is any character where it is not escaped, and only itself where it is.
    assertThat(
            missing(
                name,
                "RELOAD, REPLICATION SLAVE, BINLOG MONITOR ON *.*",
                "SELECT, LOCK TABLES ON " + quoted))
        .isEmpty();
    assertThat(missing(name, "RELOAD, BINLOG MONITOR ON *.*", "SELECT ON " + quoted))
        .containsExactly("REPLICATION SLAVE", "LOCK TABLES");

    List<String> tables = new ArrayList<>();
    for (String table :
        List.of(
            "carrier",
            "customs_declaration",
            "fulfillment_order",
            "lake_clock",
            "logistics_event",
            "merchant",
            "region",
            "timeout_rule",
            "trade_order")) {
      tables.add("SELECT ON `%s`.`%s`".formatted(name, table));
    }
    tables.add("SELECT (warehouse_id) ON `%s`.`warehouse`".formatted(name));
    tables.add("RELOAD, LOCK TABLES, REPLICATION SLAVE, BINLOG MONITOR ON *.*");
    assertThat(missing(name, tables.toArray(String[]::new))).containsExactly("SELECT warehouse");
    assertThat(
            missing(
                name,
                "RELOAD, LOCK TABLES, REPLICATION SLAVE, BINLOG MONITOR ON *.*",
                "SELECT (warehouse_id) ON `%s`.`warehouse`".formatted(name)))
        .containsExactly("SELECT");
  }

  @Test
  void rolesCountWhenTheyAreActive() throws Exception {
    String name = created();
    database.execute(
        "mysql",
        "CREATE OR REPLACE ROLE capturing",
        "GRANT SELECT, RELOAD, LOCK TABLES, REPLICATION SLAVE, BINLOG MONITOR ON *.* TO capturing");

    assertThat(
            missing(
                name,
                "USAGE ON *.*",
                "SELECT (warehouse_id) ON `%s`.`warehouse`".formatted(name),
                "capturing"))
        .contains("REPLICATION SLAVE", "SELECT");
    database.execute("mysql", "SET DEFAULT ROLE capturing FOR " + CHECKED);
    assertThat(missing(name)).isEmpty();
  }

  @Test
  void whatTheLogCannotShow() throws Exception {
    String name = created();
    database.execute(
        name,
        "CREATE TABLE parent (id BIGINT PRIMARY KEY)",
        "CREATE TABLE `par``ent 2` (id INT PRIMARY KEY)",
        "ALTER TABLE merchant ADD CONSTRAINT fk_parent FOREIGN KEY (merchant_id) REFERENCES parent (id) ON DELETE CASCADE",
        "ALTER TABLE fulfillment_order ADD CONSTRAINT fk_warehouse FOREIGN KEY (warehouse_id) REFERENCES warehouse (warehouse_id) ON DELETE SET NULL ON UPDATE CASCADE",
        "ALTER TABLE trade_order ADD CONSTRAINT `odd `` name` FOREIGN KEY (region_id) REFERENCES `par``ent 2` (id) ON UPDATE CASCADE",
        // Refuses instead of changing rows.
        "ALTER TABLE region ADD CONSTRAINT fk_refusing FOREIGN KEY (region_id) REFERENCES `par``ent 2` (id) ON DELETE RESTRICT",
        "ALTER TABLE carrier ADD COLUMN twice INT COMMENT 'CONSTRAINT `x` FOREIGN KEY (`y`) REFERENCES `z` (`z`) ON DELETE CASCADE'",
        "ALTER TABLE timeout_rule ENGINE = MEMORY",
        "ALTER TABLE customs_declaration PARTITION BY HASH (declaration_id) PARTITIONS 2"
            .replace("HASH (declaration_id)", "KEY (order_date)"));

    List<SourceFinding> findings = check(name);

    assertThat(of(findings, Code.CASCADE))
        .extracting(SourceFinding::table)
        .containsExactly("fulfillment_order", "merchant", "trade_order");
    assertThat(of(findings, Code.CASCADE).get(0).message())
        .contains("`fk_warehouse` to `warehouse` has ON DELETE SET NULL ON UPDATE CASCADE");
    assertThat(of(findings, Code.CASCADE).get(2).message())
        .contains("`odd ` name` to `par``ent 2` has ON UPDATE CASCADE");
    assertThat(of(findings, Code.CASCADE))
        .allMatch(finding -> finding.severity() == Severity.WARNING);
    assertThat(only(findings, Code.ENGINE))
        .matches(finding -> finding.table().equals("timeout_rule"))
        .matches(finding -> finding.severity() == Severity.WARNING);
    assertThat(only(findings, Code.PARTITIONED))
        .matches(finding -> finding.table().equals("customs_declaration"))
        .matches(finding -> finding.severity() == Severity.NOTE);
  }

  @Test
  void zonesThatDiffer() throws Exception {
    String name = created();
    Map<String, String> shanghai = Map.of("source/time-zone", "Asia/Shanghai");

    assertThat(only(check(shipped(), name, shanghai), Code.TIME_ZONE))
        .matches(finding -> finding.severity() == Severity.WARNING)
        .matches(finding -> finding.message().contains("Asia/Shanghai"));
    database.execute("mysql", "SET GLOBAL time_zone = '+08:00'");
    try {
      assertThat(of(check(shipped(), name, shanghai), Code.TIME_ZONE)).isEmpty();
      assertThat(only(check(name), Code.TIME_ZONE).message()).contains("+08:00", "Z");

      database.execute(name, "ALTER TABLE carrier MODIFY updated_at TIMESTAMP(6) NOT NULL");
      assertThat(only(check(shipped(), name, shanghai), Code.TIME_ZONE))
          .matches(finding -> finding.table().equals("carrier"))
          .matches(finding -> finding.severity() == Severity.ERROR);

      Folders home = copyOfProject();
      replace(
          home.sources().resolve("source_carrier.sql"),
          "'key-columns'",
          "'instant-columns' = 'updated_at',\n  'key-columns'");
      assertThat(of(check(home, name, shanghai), Code.TIME_ZONE)).isEmpty();
      replace(
          home.sources().resolve("source_region.sql"),
          "'key-columns'",
          "'instant-columns' = 'updated_at',\n  'key-columns'");
      assertThat(only(check(home, name, shanghai), Code.TIME_ZONE).table()).isEqualTo("region");
    } finally {
      database.execute("mysql", "SET GLOBAL time_zone = '+00:00'");
    }
  }

  @Test
  void theLinesThatAreToBeWrittenAdoptColumns() throws Exception {
    String name = created();
    database.execute(
        name,
        "ALTER TABLE warehouse ADD COLUMN height INT COMMENT 'Height, in ''cm''', ADD COLUMN `value` DECIMAL(8, 3) UNSIGNED",
        "ALTER TABLE fulfillment_order ADD COLUMN insured BOOLEAN, ADD COLUMN seen_at TIMESTAMP(3) NULL",
        "ALTER TABLE trade_order ADD COLUMN photo BLOB AFTER order_id",
        "ALTER TABLE merchant RENAME COLUMN category TO segment");
    Folders home = copyOfProject();
    LakeConfig config =
        database
            .config(name, Map.of("catalog/warehouse", project.resolve("warehouse").toString()))
            .withFolders(home);
    List<String> expected =
        List.of(
            "dim_warehouse height INT",
            "dim_warehouse value DECIMAL(8, 3)",
            "ods_fulfillment_order insured TINYINT",
            "ods_fulfillment_order seen_at TIMESTAMP(6) WITH LOCAL TIME ZONE",
            "ods_trade_order photo BYTES");
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(config, catalog).apply(catalog);

      List<SourceFinding> findings = check(home, name, AS_IT_IS);
      List<SourceFinding> columns = of(findings, Code.COLUMN_NEW);
      assertThat(columns).hasSize(expected.size());
      columns.forEach(finding -> write(home, finding.whatToDo()));
      write(
          home,
          only(findings, Code.COLUMN_RENAMED)
              .whatToDo()
              .replaceAll("(?s)If it is another column:.*", ""));

      assertThat(TablePlan.of(config, catalog).allChanges())
          .extracting(change -> change.table() + " " + change.subject() + " " + change.after())
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(TablePlan.of(config, catalog).allChanges())
          .allMatch(change -> change.kind() == TableChange.Kind.ADD_COLUMN);
      TablePlan.of(config, catalog).apply(catalog);
      assertThat(TablePlan.of(config, catalog).allChanges()).isEmpty();
    }
    // The pipelines fit the tables, and nothing is left to adopt.
    assertThat(LineageReader.read(config).tables()).contains("dim_warehouse");
    assertThat(check(home, name, AS_IT_IS))
        .extracting(SourceFinding::code)
        .containsExactly(Code.LOG_AVOIDABLE);
  }

  @Test
  void aDatabaseThatIsNotThere() throws Exception {
    LakeConfig none = LakeConfig.load(ProjectFile.find(), Map.of());
    assertThatThrownBy(() -> new SourceCheck(none, SourceFiles.read(none)).run())
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.SOURCE_DATABASE_UNKNOWN);
              assertThat(error.remedy()).contains("jdbc:mariadb://host:3306/logistics");
            });
    String name = created();
    assertThatThrownBy(
            () -> check(shipped(), name, Map.of("source/database/password", "not-the-password")))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.SOURCE_DATABASE_UNREACHABLE))
        .hasMessageNotContaining("not-the-password");
  }

  private static final String CHECKED = "'checked'@'127.0.0.1'";

  /** What lacks to a user who has just these grants, as privilege and table. */
  private List<String> missing(String name, String... grants) throws Exception {
    if (grants.length > 0) {
      database.execute(
          "mysql", "CREATE OR REPLACE USER %s IDENTIFIED BY 'checked'".formatted(CHECKED));
    }
    for (String grant : grants) {
      database.execute("mysql", "GRANT %s TO %s".formatted(grant, CHECKED));
    }
    return check(
            shipped(),
            name,
            Map.of("source/database/user", "checked", "source/database/password", "checked"))
        .stream()
        .filter(finding -> finding.code() == Code.GRANT_MISSING)
        .map(
            finding ->
                (finding.whatToDo().replaceAll("GRANT (.*) ON .*", "$1") + " " + finding.table())
                    .trim())
        .toList();
  }

  private void assertSetting(String name, String wrong, String right, Code code, Severity severity)
      throws Exception {
    database.execute("mysql", "SET GLOBAL " + wrong);
    try {
      SourceFinding finding = only(check(name), code);
      assertThat(finding.severity()).as(wrong).isEqualTo(severity);
      assertThat(finding.refusesCapture()).as(wrong).isEqualTo(severity == Severity.ERROR);
    } finally {
      database.execute("mysql", "SET GLOBAL " + right);
    }
    assertThat(of(check(name), code)).as(right).isEmpty();
  }

  private static String created() throws Exception {
    String name = "check_" + ++databases;
    database.create(name);
    return name;
  }

  private List<SourceFinding> check(String name) {
    return check(shipped(), name, AS_IT_IS);
  }

  private static List<SourceFinding> check(Folders home, String name, Map<String, String> more) {
    return check(database, home, name, more);
  }

  private static List<SourceFinding> check(
      TestDatabase server, Folders home, String name, Map<String, String> more) {
    LakeConfig config = server.config(name, more).withFolders(home);
    return new SourceCheck(config, SourceFiles.read(config)).run();
  }

  private static List<SourceFinding> of(List<SourceFinding> findings, Code code) {
    return findings.stream().filter(finding -> finding.code() == code).toList();
  }

  private static SourceFinding only(List<SourceFinding> findings, Code code) {
    List<SourceFinding> found = of(findings, code);
    assertThat(found).as("%s in %s", code, findings).hasSize(1);
    return found.get(0);
  }

  /** The columns that messages begin with. */
  private static List<String> columns(List<SourceFinding> findings, Code code) {
    return of(findings, code).stream().map(finding -> finding.message().split(" ")[0]).toList();
  }

  private static Folders shipped() {
    return LakeConfig.load(ProjectFile.find(), Map.of()).folders();
  }

  private Folders copyOfProject() throws IOException {
    Folders shipped = shipped();
    Folders folders = Folders.in(project.resolve("project"));
    Map<Path, Path> parts =
        Map.of(
            shipped.tables(),
            folders.tables(),
            shipped.sources(),
            folders.sources(),
            shipped.pipelines(),
            folders.pipelines());
    for (Map.Entry<Path, Path> part : parts.entrySet()) {
      Files.createDirectories(part.getValue().getParent());
      FileUtils.copy(
          new org.apache.flink.core.fs.Path(part.getKey().toUri()),
          new org.apache.flink.core.fs.Path(part.getValue().toUri()),
          false);
    }
    return folders;
  }

  private static String sourceFile(String table, String columns, String key) {
    return """
        CREATE TEMPORARY TABLE source_%s (
          %s
        ) WITH (
          'connector' = 'change-log',
          'topic' = '${source.topic-prefix}.%s',
          'properties.bootstrap.servers' = '${source.bootstrap-servers}',
          'key-columns' = '%s'
        );
        """
        .formatted(table, columns, table, key);
  }

  private static void replace(Path file, String what, String by) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(what);
    Files.writeString(file, text.replace(what, by));
  }

  /** Writes lines where they are said to belong. */
  private static void write(Folders home, String whatToDo) {
    Iterator<String> lines = whatToDo.lines().iterator();
    while (lines.hasNext()) {
      Matcher place = PLACE.matcher(lines.next());
      if (place.matches()) {
        write(home, place, lines.next().strip());
      }
    }
  }

  private static void write(Folders home, Matcher place, String line) {
    Path file = home.root().resolve(place.group(1));
    try {
      List<String> text = new ArrayList<>(Files.readAllLines(file));
      int at = place.group(2) == null ? 0 : text.indexOf("INSERT INTO " + place.group(2));
      assertThat(at).isNotNegative();
      while (!text.get(at).matches("\\s+" + place.group(4) + "\\b.*")) {
        at++;
      }
      if (place.group(3).equals("after")) {
        text.add(at + 1, "  " + line);
      } else {
        text.set(at, "  " + line);
      }
      Files.write(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
