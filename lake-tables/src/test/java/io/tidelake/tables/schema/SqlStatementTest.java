/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.tables.schema.SqlStatement.UnreadableException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Flink's parser says of a statement. */
class SqlStatementTest {

  @Test
  void anInsertSaysWhatItWritesAndReads() throws Exception {
    SqlStatement insert =
        SqlStatement.parse(
            """
            insert INTO `lake`.`select` (a, `order`)
            SELECT o.a, UPPER(c.`order`)
            FROM orders AS o
            LEFT JOIN lake.carrier FOR SYSTEM_TIME AS OF o.t AS c ON c.id = o.id
            WHERE o.a IN (SELECT a FROM wanted /*+ OPTIONS('x' = 'y') */)
            """);
    assertThat(insert.kind()).isEqualTo(SqlStatement.Kind.INSERT);
    assertThat(insert.name()).contains("select");
    assertThat(insert.into()).contains("`lake`.`select`");
    assertThat(insert.columns()).containsExactly("a", "order");
    assertThat(insert.reads()).containsExactlyInAnyOrder("orders", "carrier", "wanted");
    assertThat(insert.query().orElseThrow())
        .startsWith("SELECT o.a")
        .contains("OPTIONS('x' = 'y')");
    assertThat(insert.calls("upper")).isTrue();
    assertThat(insert.calls("lower")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a FROM t",
        "WITH x AS (SELECT a FROM t) SELECT a FROM x",
        "(SELECT a FROM t)",
        "( (SELECT a FROM t) UNION ALL (SELECT a FROM t) )",
        "SELECT a FROM t UNION ALL SELECT a FROM t ORDER BY a LIMIT 1",
        "SELECT a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR))",
        "SELECT 'ü;(' , a FROM t",
        "VALUES (1), (2)"
      })
  void theQueryOfAnInsertIsAsItIsWritten(String query) throws Exception {
    for (String insert :
        new String[] {"INSERT INTO s ", "INSERT INTO s (a)\n", "INSERT INTO s(a)"}) {
      SqlStatement statement = SqlStatement.parse(insert + query);
      assertThat(statement.query()).contains(query);
      if (query.contains(" t")) {
        assertThat(statement.reads()).containsExactly("t");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s", "lake.s", "`lake` . `s`", "s /*+ OPTIONS('a' = '(b)') */"})
  void theTableOfAnInsertIsAsItIsWritten(String table) throws Exception {
    for (String rest : new String[] {" SELECT 1", " (a) SELECT 1", "\n( a, b )\n(SELECT 1, 2)"}) {
      SqlStatement insert = SqlStatement.parse("INSERT INTO " + table + rest);
      assertThat(insert.into()).contains(table);
      assertThat(insert.name()).contains("s");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT OVERWRITE s SELECT 1",
        "INSERT INTO s PARTITION (dt = '2026-06-18') SELECT 1",
        "INSERT INTO s PARTITION (dt = '2026-06-18') (a) SELECT 1"
      })
  void insertsThatDropOrHideWhatOthersWriteAreRefused(String insert) {
    assertThatThrownBy(() -> SqlStatement.parse(insert))
        .isInstanceOf(UnreadableException.class)
        .hasMessageContaining("INSERT OVERWRITE and PARTITION");
  }

  @Test
  void aViewSaysWhatItReads() throws Exception {
    SqlStatement view =
        SqlStatement.parse(
            "CREATE TEMPORARY VIEW IF NOT EXISTS v AS SELECT * FROM t WHERE IS_OPEN_DAY(dt)");
    assertThat(view.kind()).isEqualTo(SqlStatement.Kind.VIEW);
    assertThat(view.name()).contains("v");
    assertThat(view.query()).contains("SELECT * FROM t WHERE IS_OPEN_DAY(dt)");
    assertThat(view.calls("IS_OPEN_DAY")).isTrue();
  }

  @Test
  void columnsOfATableHaveTypes() throws Exception {
    assertThat(
            SqlStatement.columnTypes(
                """
                CREATE TABLE t (
                  `order` STRING NOT NULL COMMENT 'x',
                  d DECIMAL(12, 2),
                  t TIMESTAMP_LTZ(6),
                  m MAP<STRING, BIGINT>,
                  PRIMARY KEY (`order`) NOT ENFORCED
                ) WITH ('bucket' = '1')
                """))
        .containsExactly(
            Map.entry("order", "STRING"),
            Map.entry("d", "DECIMAL(12, 2)"),
            Map.entry("t", "TIMESTAMP_LTZ(6)"),
            Map.entry("m", "MAP< STRING, BIGINT >"));
  }

  @Test
  void whatIsNoSqlIsRefusedWithItsLine() {
    assertThatThrownBy(() -> SqlStatement.parse("INSERT INTO t\nSELEC a FROM b"))
        .isInstanceOfSatisfying(
            UnreadableException.class,
            e -> {
              assertThat(e.line()).isEqualTo(2);
              assertThat(e).hasMessageContaining("SELEC");
            });
  }
}
