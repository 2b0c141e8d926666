/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of SHOW GRANTS as MySQL 8 writes them; MariaDB's come from a real one elsewhere. */
class GrantsTest {

  @Test
  void aGrantOnADatabaseIsNotAGlobalOne() {
    Grants grants =
        Grants.of(
            List.of(
                "GRANT USAGE ON *.* TO `capture`@`%`",
                "GRANT ALL PRIVILEGES ON `shop`.* TO `capture`@`%` WITH GRANT OPTION"));

    assertThat(grants.hasGlobal("RELOAD", "FLUSH_TABLES")).isFalse();
    assertThat(grants.has("SELECT", "shop", "orders")).isTrue();
    assertThat(grants.has("SELECT", "shops", "orders")).isFalse();
  }

  @Test
  void dynamicPrivilegesAndRolesAreSeveralLines() {
    Grants grants =
        Grants.of(
            List.of(
                "GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `capture`@`%`",
                "GRANT BACKUP_ADMIN,FLUSH_TABLES ON *.* TO `capture`@`%`",
                "GRANT EXECUTE ON PROCEDURE `shop`.`close` TO `capture`@`%`",
                "GRANT `reader`@`%`,`writer`@`%` TO `capture`@`%`"));

    assertThat(grants.hasGlobal("REPLICATION SLAVE")).isTrue();
    assertThat(grants.hasGlobal("FLUSH_TABLES")).isTrue();
    assertThat(grants.hasGlobal("EXECUTE")).isFalse();
    assertThat(grants.has("SELECT", "shop", "orders")).isTrue();
  }

  @Test
  void whatIsTakenOutOfAGlobalGrantIsNotHeld() {
    Grants grants =
        Grants.of(
            List.of(
                "GRANT SELECT, RELOAD ON *.* TO `capture`@`%`",
                "GRANT SELECT ON `secret`.`shown` TO `capture`@`%`",
                "REVOKE SELECT ON `secret`.* FROM `capture`@`%`"));

    assertThat(grants.has("SELECT", "shop", "orders")).isTrue();
    assertThat(grants.has("SELECT", "secret", "hidden")).isFalse();
    assertThat(grants.has("SELECT", "secret", "shown")).isTrue();
  }

  @Test
  void namesArePatternsForDatabasesAndTakenLiterallyForTables() {
    Grants grants =
        Grants.of(
            List.of(
                "GRANT SELECT ON `shop_%`.* TO `capture`@`%`",
                "GRANT SELECT ON `a\\_b`.* TO `capture`@`%`",
                "GRANT SELECT ON `c_d`.`t``1.x` TO `capture`@`%`",
                "GRANT SELECT (`id`, `name`), INSERT ON `e`.`f` TO `capture`@`%`"));

    assertThat(grants.has("SELECT", "shop12", "t")).isTrue();
    assertThat(grants.has("SELECT", "shop", "t")).isFalse();
    assertThat(grants.has("SELECT", "a_b", "t")).isTrue();
    assertThat(grants.has("SELECT", "axb", "t")).isFalse();
    assertThat(grants.has("SELECT", "c_d", "t`1.x")).isTrue();
    assertThat(grants.has("SELECT", "cxd", "t`1.x")).isFalse();
    // Some columns are not the table.
    assertThat(grants.has("SELECT", "e", "f")).isFalse();
    assertThat(grants.has("INSERT", "e", "f")).isTrue();
  }
}
