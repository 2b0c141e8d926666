/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.Lake;
import io.tidelake.config.LakeConfig;
import io.tidelake.demo.Comparison;
import io.tidelake.demo.ProjectDemo;
import io.tidelake.stack.StackOptions;
import io.tidelake.stack.server.MariaDbServer;
import io.tidelake.stack.server.TestDatabase;
import io.tidelake.streaming.pipeline.LineageReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clinic's database becomes a project: every type, composite keys, words of SQL as names. */
class ForeignDatabaseTest {

  private static final String[] CLINIC = {
    """
    CREATE TABLE `order` (
      ward CHAR(4) NOT NULL, `group` SMALLINT UNSIGNED NOT NULL, `from` DATE NOT NULL,
      `select` VARCHAR(40) COMMENT 'What the doctor''s hand wrote',
      `value` DECIMAL(12, 4), `user` INT, `order` INT, `Mixed Case` INT, `ümlaut` VARCHAR(9),
      is_deleted TINYINT(1), row_version INT, app_version BIGINT, log_position INT,
      op VARCHAR(8), error TEXT, payload INT, topic INT, place INT, `offset` INT, `timestamp` INT, logged_at INT,
      PRIMARY KEY (ward, `group`, `from`))
    """,
    """
    CREATE TABLE everything (
      id BIGINT UNSIGNED PRIMARY KEY,
      a TINYINT, b TINYINT UNSIGNED, c SMALLINT, d SMALLINT UNSIGNED, e MEDIUMINT, f MEDIUMINT UNSIGNED,
      g INT, h INT UNSIGNED, i BIGINT, j BIGINT UNSIGNED, k BOOLEAN, l DECIMAL(65, 30), m DECIMAL(10, 2), n FLOAT,
      o DOUBLE, p BIT(1), q BIT(20), r CHAR(3), s VARCHAR(300), t TINYTEXT, u TEXT, v MEDIUMTEXT, w LONGTEXT,
      x BINARY(4), y VARBINARY(9), z TINYBLOB, aa BLOB, ab MEDIUMBLOB, ac LONGBLOB, ad ENUM('x', 'y'),
      ae SET('p', 'q'), af JSON, ag DATE, ah TIME, ai TIME(6), aj DATETIME, ak DATETIME(6), al TIMESTAMP NULL,
      am TIMESTAMP(6) NULL, an YEAR, ao UUID, ap GEOMETRY, aq POINT, ar LINESTRING, `as` POLYGON, at MULTIPOINT,
      au MULTILINESTRING, av MULTIPOLYGON, aw GEOMETRYCOLLECTION)
    """,
    "CREATE TABLE `lab-result` (sample BIGINT, `test` VARCHAR(20), amount DOUBLE, PRIMARY KEY (`test`, sample))",
    "CREATE TABLE note (text TEXT)",
    "CREATE VIEW wards AS SELECT DISTINCT ward FROM `order`"
  };

  private static final String CHANGES =
      """
      INSERT INTO `order` (ward, `group`, `from`, `select`, `value`, `user`, `order`, `Mixed Case`, `ümlaut`, is_deleted, op, error)
      VALUES ('A', 1, '2026-01-01', 'one', 1.5, 1, 2, 3, 'ä', 1, 'c', 'pain'),
        ('A', 65535, '2026-01-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        ('B', 1, '2026-01-01', 'two', -1.5, 1, 2, 3, 'ö', 0, 'u', NULL),
        ('B', 1, '2026-01-02', 'three', 0.0001, 1, 2, 3, 'ü', 0, 'd', NULL);
      UPDATE `order` SET `value` = 2.5 WHERE ward = 'A' AND `group` = 1;
      UPDATE `order` SET `group` = 2 WHERE ward = 'B' AND `from` = '2026-01-02';
      DELETE FROM `order` WHERE ward = 'B' AND `group` = 1;
      INSERT INTO everything (id) VALUES (1);
      INSERT INTO everything VALUES (18446744073709551615, -128, 255, -32768, 65535, -8388608, 16777215, -2147483648,
        4294967295, -9223372036854775808, 18446744073709551615, TRUE, 12345.000000000000000000000000000001, 9.99, 1.5,
        0.1, b'1', b'10000000000000000001', 'abc', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'aa', 'ab', 'ac', 'y', 'p,q',
        '{"a": 1}', '2026-02-28', '12:30:00', '23:59:59.999999', '2026-01-01 12:00:00', '2026-01-01 12:00:00.123456',
        '2026-01-01 12:00:00', '2026-01-01 12:00:00.123456', 2026, UUID(), ST_GeomFromText('POINT(1 2)'), POINT(1, 2),
        ST_GeomFromText('LINESTRING(0 0, 1 1)'), ST_GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 0))'),
        ST_GeomFromText('MULTIPOINT(0 0)'), ST_GeomFromText('MULTILINESTRING((0 0, 1 1))'),
        ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))'), ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2))'));
      INSERT INTO `lab-result` VALUES (1, 'iron', 0.5), (1, 'zinc', 0.25), (2, 'iron', NULL);
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void becomesAProjectThatStreams() throws Exception {
    Path secret = Files.createFile(folder.resolve("secret"));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(secret, MariaDbServer.CAPTURE_PASSWORD);
    Path project = folder.resolve("clinic");
    try (TestDatabase database = TestDatabase.start(folder.resolve("database"))) {
      database.execute("mysql", "CREATE DATABASE clinic");
      database.execute("clinic", CLINIC);
      String url = database.configuration("clinic").get("source/database/url");
      List<String> init =
          List.of(
              "init",
              project.toString(),
              "--from",
              url,
              "--user",
              MariaDbServer.CAPTURE_USER,
              "--password",
              "${file:" + secret + "}",
              "--tables");
      assertThat(run(init, "order,nothing")).isEqualTo(3);
      assertThat(err.toString()).contains("error SOURCE_TABLE_MISSING", "nothing", "everything");
      assertThat(run(init, "note")).isEqualTo(3);
      assertThat(err.toString()).contains("error SOURCE_TABLE_UNFIT", "note has no primary key");
      assertThat(run(init, "wards")).isEqualTo(3);
      assertThat(err.toString()).contains("error SOURCE_TABLE_UNFIT", "wards is a view");
      assertThat(project).doesNotExist();

      assertThat(run(init, "order,everything,lab-result")).as(err.toString()).isZero();
      // The database itself says whether the files fit it; its own settings are not theirs.
      run(List.of("sources", "check", "--project", project.toString(), "-o"), "json");
      assertThat(out.toString()).as(err.toString()).startsWith("{");
      JsonNode findings = new ObjectMapper().readTree(out.toString()).get("findings");
      assertThat(findings)
          .as(out.toString())
          .filteredOn(finding -> !finding.get("severity").asText().equals("NOTE"))
          .isEmpty();
    }
    LakeConfig config = LakeConfig.load(project.resolve("lake.yaml"), Map.of());
    assertThat(LineageReader.read(config).tables())
        .contains("ods_order", "ods_everything", "ods_lab_result");

    Files.writeString(project.resolve("demo/changes.sql"), CHANGES);
    Path yaml = project.resolve("lake.yaml");
    Files.writeString(
        yaml,
        Files.readString(yaml)
            .replace(
                "    schema: demo/schema.sql\n",
                "    schema: demo/schema.sql\n    changes: demo/changes.sql\n"));
    List<Comparison> comparisons =
        new ProjectDemo(
                yaml,
                folder.resolve("stack"),
                StackOptions.Metastore.filesystem,
                System.out::println)
            .run();
    assertThat(comparisons)
        .extracting(Comparison::table)
        .containsExactlyInAnyOrder("ods_order", "ods_everything", "ods_lab_result");
    assertThat(comparisons).allSatisfy(found -> assertThat(found.lines()).hasSize(1));
    assertThat(comparisons).extracting(Comparison::rows).containsExactlyInAnyOrder(3L, 2L, 3L);
  }

  private int run(List<String> arguments, String last) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> line = new ArrayList<>(arguments);
    line.add(last);
    return Lake.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(line.toArray(String[]::new));
  }
}
