/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidelake.stack.server.CaptureServers.Event;
import io.tidelake.streaming.capture.LogPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a source does beside inserting, updating and deleting rows, as it comes to the topics. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CaptureTest {

  @TempDir private static Path folder;
  private static CaptureServers servers;

  @BeforeAll
  static void start() throws Exception {
    servers = new CaptureServers(folder);
    servers.inDatabase(
        "CREATE TABLE warehouse (warehouse_id INT PRIMARY KEY, warehouse_name VARCHAR(64) NOT NULL)",
        "CREATE TABLE note (id INT PRIMARY KEY, remark TEXT)",
        "CREATE TABLE rule (id INT PRIMARY KEY, hours INT)",
        "CREATE TABLE parcel (id INT PRIMARY KEY, step INT)",
        """
        CREATE TABLE special (
          id INT PRIMARY KEY, d DATE, t DATETIME(6), s TIMESTAMP(6) NULL, big BIGINT UNSIGNED, text TEXT,
          title VARCHAR(20) DEFAULT 'none', nn_d DATE NOT NULL DEFAULT '2026-01-01', nn_t DATETIME(6) NOT NULL DEFAULT '2026-01-01',
          amount DECIMAL(38, 10))
        """);
    insertSpecialValues(0);
    servers.startCapture("warehouse", "note", "rule", "parcel", "special");
    servers.awaitEndOfSnapshot("parcel");
  }

  @AfterAll
  static void stop() {
    if (servers != null) {
      servers.close();
    }
  }

  @Test
  void aTableThatNobodyNamedStopsNothing() throws Exception {
    servers.inDatabase(
        "CREATE TABLE coupon (id INT PRIMARY KEY)",
        "INSERT INTO coupon VALUES (1)",
        "INSERT INTO parcel VALUES (-1, 1)");

    servers.eventsUntil("parcel", event -> event.after("id").asInt() == -1);
  }

  /** Else nobody could wait for it to be level with a source that nobody writes to. */
  @Test
  void itsPlaceComesToTheEndOfALogThatIsQuiet() throws Exception {
    servers.inDatabase("INSERT INTO parcel VALUES (-2, 1)");
    LogPlace end = servers.endOfLog();

    await("the place")
        .atMost(Duration.ofSeconds(30))
        .until(() -> servers.connector().hasComeTo(end));
  }

  @Test
  void aTableIsFollowedThroughASwap() throws Exception {
    servers.inDatabase(
        "INSERT INTO warehouse VALUES (1, 'North')",
        "CREATE TABLE _w_new LIKE warehouse",
        "ALTER TABLE _w_new ADD COLUMN height INT NOT NULL DEFAULT 7",
        "INSERT INTO _w_new (warehouse_id, warehouse_name) SELECT * FROM warehouse",
        "RENAME TABLE warehouse TO _w_old, _w_new TO warehouse",
        "INSERT INTO warehouse VALUES (2, 'South', 12)",
        "DELETE FROM warehouse WHERE warehouse_id = 1",
        "DROP TABLE _w_old",
        "INSERT INTO warehouse VALUES (3, 'West', 13)");

    List<Event> events =
        servers.eventsUntil("warehouse", event -> event.after("warehouse_id").asInt() == 3);
    Event second = only(events, event -> event.after("warehouse_id").asInt() == 2);
    assertThat(second.after("warehouse_name").asText()).isEqualTo("South");
    assertThat(second.after("height").asInt()).isEqualTo(12);
    Event deleted = only(events, event -> event.op().equals("d"));
    assertThat(deleted.value().at("/before/warehouse_id").asInt()).isEqualTo(1);
    assertThat(deleted.value().at("/before/height").asInt()).isEqualTo(7);
  }

  @Test
  void columnsComeAndGo() throws Exception {
    servers.inDatabase(
        "INSERT INTO rule VALUES (1, 24)",
        "ALTER TABLE rule ADD COLUMN title VARCHAR(20) DEFAULT 'none'",
        "INSERT INTO rule (id, hours) VALUES (2, 48)",
        "ALTER TABLE rule RENAME COLUMN hours TO minutes",
        "INSERT INTO rule VALUES (3, 60, 'short')",
        "ALTER TABLE rule DROP COLUMN minutes",
        "INSERT INTO rule VALUES (4, 'last')");

    List<Event> events = servers.eventsUntil("rule", event -> event.after("id").asInt() == 4);
    assertThat(after(events, 1)).isEqualTo("{\"id\":1,\"hours\":24}");
    assertThat(after(events, 2)).isEqualTo("{\"id\":2,\"hours\":48,\"title\":\"none\"}");
    assertThat(after(events, 3)).isEqualTo("{\"id\":3,\"minutes\":60,\"title\":\"short\"}");
    assertThat(after(events, 4)).isEqualTo("{\"id\":4,\"title\":\"last\"}");

    servers.inDatabase("TRUNCATE TABLE rule", "INSERT INTO rule VALUES (5, 'after')");

    List<Event> all = servers.eventsUntil("rule", event -> event.after("id").asInt() == 5);
    Event truncate =
        servers.eventsUntil("rule", event -> event.op().equals("t")).stream()
            .filter(event -> event.op().equals("t"))
            .findFirst()
            .orElseThrow();
    assertThat(all).isNotEmpty();
    assertThat(truncate.key()).isNull();
    assertThat(truncate.value().at("/source/table").asText()).isEqualTo("rule");
  }

  @Test
  void aLargeRowArrivesAndATooLargeOneLeavesItsKey() throws Exception {
    servers.inDatabase(
        "ALTER TABLE note MODIFY remark LONGTEXT",
        "INSERT INTO note VALUES (1, REPEAT('x', 1200000))",
        "INSERT INTO note VALUES (2, REPEAT('y', 20000000))",
        "INSERT INTO note VALUES (3, REPEAT('\\n', 9000000))",
        "INSERT INTO note VALUES (4, REPEAT('é', 6000000))",
        "UPDATE note SET remark = REPEAT('z', 6000000) WHERE id = 4",
        "DELETE FROM note WHERE id = 2",
        "INSERT INTO note VALUES (5, 'small')");

    List<Event> events = servers.eventsUntil("note", event -> event.after("id").asInt() == 5);
    assertThat(only(events, event -> event.after("id").asInt() == 1).after("remark").asText())
        .hasSize(1_200_000);
    assertTooLarge(events, 2, "c", 20_000_000);
    assertTooLarge(events, 2, "d", 20_000_000);
    // A line feed is two bytes in JSON.
    assertTooLarge(events, 3, "c", 18_000_000);
    // Before and after: 12 MB and 6 MB.
    assertTooLarge(events, 4, "u", 18_000_000);
    assertThat(
            only(events, e -> e.key().path("id").asInt() == 4 && e.op().equals("c"))
                .after("remark")
                .asText())
        .hasSize(6_000_000);
  }

  @Test
  void theEventsOfAKeyStayInOrderInOnePartition() throws Exception {
    List<String> statements = new ArrayList<>();
    for (int step = 1; step <= 20; step++) {
      for (int id = 1; id <= 30; id++) {
        statements.add(
            step == 1
                ? "INSERT INTO parcel VALUES (%d, 1)".formatted(id)
                : "UPDATE parcel SET step = %d WHERE id = %d".formatted(step, id));
      }
    }
    statements.add("INSERT INTO parcel VALUES (1000, 0)");
    servers.inDatabase(statements.toArray(String[]::new));
    servers.eventsUntil("parcel", event -> event.after("id").asInt() == 1000);
    for (int id = 1; id <= 30; id++) {
      int wanted = id;
      servers.eventsUntil(
          "parcel",
          event -> event.after("id").asInt() == wanted && event.after("step").asInt() == 20);
    }
    List<Event> events =
        servers.eventsUntil("parcel", event -> event.after("id").asInt() == 1000).stream()
            .filter(event -> event.after("id").asInt() >= 1 && event.after("id").asInt() <= 30)
            .toList();

    Map<Integer, Set<Integer>> partitions =
        events.stream()
            .collect(groupingBy(e -> e.after("id").asInt(), mapping(Event::partition, toSet())));
    assertThat(partitions).hasSize(30);
    assertThat(partitions.values()).allSatisfy(of -> assertThat(of).hasSize(1));
    assertThat(partitions.values().stream().flatMap(Set::stream).collect(toSet()))
        .hasSize(CaptureServers.PARTITIONS);
    assertThat(
            events.stream()
                .collect(
                    groupingBy(
                        e -> e.after("id").asInt(),
                        mapping(e -> e.after("step").asInt(), toList()))))
        .allSatisfy((id, steps) -> assertThat(steps).isSorted());
  }

  @Test
  void specialValuesComeAsTheyAreFromTheTableAndFromTheLog() throws Exception {
    insertSpecialValues(10);

    List<Event> events = servers.eventsUntil("special", event -> event.after("id").asInt() == 15);
    Map<Integer, String> expected =
        Map.of(
            1,
            """
            "d":"0001-01-01Z","t":"0001-01-01T00:00:00Z","s":"1970-01-01T00:00:01Z",\
            "big":18446744073709551615,"text":"a\\u0000😀","title":null,\
            "nn_d":"0001-01-02Z","nn_t":"0001-01-02T03:04:05.000006Z",\
            "amount":"1234567890123456789012345678.0123456789"}""",
            2,
            """
            "d":"9999-12-31Z","t":"9999-12-31T23:59:59.999999Z","s":"2038-01-19T03:14:07.999999Z",\
            "big":9223372036854775808,"text":"","title":"",\
            "nn_d":"1900-01-01Z","nn_t":"1899-12-31T23:59:59Z","amount":"-0.0000000001"}""",
            3,
            """
            "d":null,"t":null,"s":null,"big":0,"text":null,"title":null,\
            "nn_d":null,"nn_t":null,"amount":"0.0000000000"}""",
            4,
            """
            "d":null,"t":null,"s":null,"big":1,"text":null,"title":"none",\
            "nn_d":null,"nn_t":null,"amount":null}""",
            5,
            """
            "d":null,"t":null,"s":null,"big":null,"text":null,"title":"none",\
            "nn_d":"2026-01-01Z","nn_t":"2026-01-01T00:00:00Z","amount":null}""");
    expected.forEach(
        (id, values) -> {
          assertThat(after(events, id)).isEqualTo("{\"id\":%d,%s".formatted(id, values));
          assertThat(after(events, id + 10)).isEqualTo("{\"id\":%d,%s".formatted(id + 10, values));
        });
  }

  private static void insertSpecialValues(int ids) throws Exception {
    servers.inDatabase(
        "SET SESSION sql_mode = ''",
        """
        INSERT INTO special VALUES (%d, '0001-01-01', '0001-01-01 00:00:00', '1970-01-01 00:00:01',
          18446744073709551615, CONCAT('a', CHAR(0), '😀'), NULL, '0001-01-02', '0001-01-02 03:04:05.000006',
          1234567890123456789012345678.0123456789)
        """
            .formatted(ids + 1),
        """
        INSERT INTO special VALUES (%d, '9999-12-31', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07.999999',
          9223372036854775808, '', '', '1900-01-01', '1899-12-31 23:59:59', -0.0000000001)
        """
            .formatted(ids + 2),
        """
        INSERT INTO special VALUES (%d, '0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00',
          0, NULL, NULL, '0000-00-00', '0000-00-00 00:00:00', 0)
        """
            .formatted(ids + 3),
        """
        INSERT INTO special VALUES (%d, '2026-00-10', '2026-02-00 00:00:00', NULL,
          1, NULL, 'none', '2026-00-10', '2026-02-00 00:00:00', NULL)
        """
            .formatted(ids + 4),
        "INSERT INTO special (id) VALUES (%d)".formatted(ids + 5));
  }

  private static void assertTooLarge(List<Event> events, int id, String op, long atLeast) {
    Event event = only(events, e -> e.key().path("id").asInt() == id && e.op().equals(op));
    assertThat(event.value().at("/key/id").asInt()).isEqualTo(id);
    assertThat(event.value().at("/source/table").asText()).isEqualTo("note");
    assertThat(event.value().has("after")).isFalse();
    assertThat(event.value().path("unreadable").asText())
        .matches("an event of \\d+ bytes, more than the limit of 16777216 bytes")
        .satisfies(
            text ->
                assertThat(Long.parseLong(text.replaceAll("^an event of (\\d+) .*", "$1")))
                    .isBetween(atLeast, atLeast + 2_000));
  }

  private static String after(List<Event> events, int id) {
    return only(events, event -> event.after("id").asInt() == id).value().get("after").toString();
  }

  private static Event only(List<Event> events, Predicate<Event> wanted) {
    List<Event> found = events.stream().filter(wanted).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
