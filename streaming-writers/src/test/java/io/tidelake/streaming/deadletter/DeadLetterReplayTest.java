/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.merge.law.Version;
import io.tidelake.streaming.TestLake;
import io.tidelake.tables.io.OpsTable;
import io.tidelake.tables.io.ReadableRows;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters of the change log and of the lake's own tables, after their cause is gone. */
class DeadLetterReplayTest {

  private static final String CARRIERS = "lake.logistics.carrier";
  private static final String RULES = "lake.logistics.timeout_rule";
  private static final String NAMES = "carrier_id, carrier_name, is_deleted";
  private static final Instant LOGGED = Instant.parse("2026-06-02T10:00:00Z");

  @TempDir private Path folder;
  private TestLake lake;

  @BeforeEach
  void create() {
    lake = TestLake.create(folder);
  }

  @AfterEach
  void close() throws Exception {
    lake.close();
  }

  @Test
  void messagesThatCanBeReadNowTakeTheirPlaceInTheLog() throws Exception {
    lake.insert(
        """
        dim_carrier: carrier_id = 2, carrier_name = 'earlier', updated_at = '2026-06-02 09:00:00'
        dim_carrier: carrier_id = 3, carrier_name = 'later', updated_at = '2026-06-02 11:00:00'
        dim_carrier: carrier_id = 5, carrier_name = 'moved from', updated_at = '2026-06-02 09:00:00'
        """);
    letters(
        letter("dim_carrier", CARRIERS, "0/1", row("c", null, carrier(1, "new")), "10:00:00"),
        letter(
            "dim_carrier",
            CARRIERS,
            "0/2",
            "{\"carrier_id\":2} " + row("u", carrier(2, "earlier"), carrier(2, "now")),
            "10:00:01"),
        letter("dim_carrier", CARRIERS, "0/3", row("d", carrier(3, "older"), null), "10:00:02"),
        letter(
            "dim_carrier",
            CARRIERS,
            "0/4",
            row("u", carrier(5, "moved from"), carrier(6, "moved to")),
            "10:00:03"),
        letter("dim_carrier", CARRIERS, "1/1", "{\"carrier_id\":7} {\"op\":\"t\"}", "10:00:04"),
        letter("dim_carrier", CARRIERS, "1/2", "{\"carrier_id\":8} broken {", "10:00:05"),
        letter("dim_timeout_rule", RULES, "0/1", rule(), "10:00:06"));

    DeadLetterReplay.Result result = replay(new DeadLetterFilter("dim_carrier", null, null, null));

    assertThat(result.replayed()).isEqualTo(Map.of("dim_carrier", 4L));
    assertThat(result.remaining()).isEqualTo(Map.of("dim_carrier", 2L));
    assertThat(lake.rows("dim_carrier", NAMES, null))
        .containsExactly(
            "1 | new | false",
            "2 | now | false",
            "3 | later | false",
            "5 | moved from | true",
            "6 | moved to | false");
    assertThat(lake.rows("dim_timeout_rule", "rule_id", null)).as("of another table").isEmpty();
    assertThat(places())
        .containsExactly("0/1 dim_timeout_rule", "1/1 dim_carrier", "1/2 dim_carrier");

    assertThat(replay(DeadLetterFilter.ALL).replayed()).isEqualTo(Map.of("dim_timeout_rule", 1L));
    assertThat(lake.rows("dim_timeout_rule", "rule_id, limit_minutes", null))
        .containsExactly("4 | 90");
  }

  @Test
  void aLetterOfATableGoesWhenItsRowCanBeUsed() throws Exception {
    lake.insert(
        """
        ods_trade_order: dt = '2026-06-01', order_id = 1, fulfillment_ids = 'x', updated_at = '2026-06-01 08:00:00'
        ods_trade_order: dt = '2026-06-01', order_id = 2, fulfillment_ids = 'y', updated_at = '2026-06-01 08:00:00'
        """);
    lake.compact();
    lake.runInBatch("dwd_fulfillment_wide");
    assertThat(places())
        .containsExactly("2026-06-01/1 dwd_fulfillment_wide", "2026-06-01/2 dwd_fulfillment_wide");

    lake.insert(
        "ods_trade_order: dt = '2026-06-01', order_id = 2, fulfillment_ids = '7', updated_at = '2026-06-01 09:00:00'");
    lake.compact();
    DeadLetterReplay.Result result = replay(DeadLetterFilter.ALL);

    assertThat(result.replayed()).isEqualTo(Map.of("dwd_fulfillment_wide", 1L));
    assertThat(result.remaining()).isEqualTo(Map.of("dwd_fulfillment_wide", 1L));
    assertThat(places()).containsExactly("2026-06-01/1 dwd_fulfillment_wide");
  }

  @Test
  void lettersAreCountedShownAndDroppedByTableReasonAndTime() throws Exception {
    letters(
        letter("dim_carrier", CARRIERS, "0/1", "a", "10:00:00"),
        letter("dim_carrier", CARRIERS, "0/22", "b", "10:30:00"),
        letter("dim_timeout_rule", RULES, "0/1", "c", "11:00:00"));
    DeadLetters letters = new DeadLetters(lake.catalog());

    assertThat(letters.groups(DeadLetterFilter.ALL))
        .containsExactly(
            new DeadLetters.Group(
                "dim_carrier",
                "column x of '…': # does not fit",
                2,
                LOGGED,
                LOGGED.plus(30, ChronoUnit.MINUTES)),
            new DeadLetters.Group(
                "dim_timeout_rule",
                "column x of '…': # does not fit",
                1,
                LOGGED.plus(1, ChronoUnit.HOURS),
                LOGGED.plus(1, ChronoUnit.HOURS)));
    assertThat(letters.newest(DeadLetterFilter.ALL, 2))
        .extracting(DeadLetter::payload)
        .containsExactly("c", "b");
    assertThat(
            letters.drop(
                new DeadLetterFilter(
                    "dim_carrier", "does not", LOGGED, LOGGED.plus(1, ChronoUnit.MINUTES))))
        .isEqualTo(1);
    assertThat(letters.drop(new DeadLetterFilter(null, "no such reason", null, null))).isZero();
    assertThat(places()).containsExactly("0/1 dim_timeout_rule", "0/22 dim_carrier");
    assertThat(letters.drop(DeadLetterFilter.ALL)).isEqualTo(2);
    assertThat(places()).isEmpty();
  }

  /** Letters of before the log had times have none. */
  @Test
  void aGroupKnowsTheTimesOfItsLettersThatHaveOne() {
    Map<String, Object> first = letter("dim_carrier", CARRIERS, "0/1", "a", "10:00:00");
    Map<String, Object> second = letter("dim_carrier", CARRIERS, "0/2", "b", "10:30:00");
    Map<String, Object> unknown = letter("dim_carrier", CARRIERS, "0/3", "c", "11:00:00");
    Map<String, Object> unknownToo = letter("dim_carrier", CARRIERS, "0/4", "d", "11:00:00");
    unknown.remove("logged_at");
    unknownToo.remove("logged_at");
    letters(unknown, first, second, unknownToo);

    assertThat(new DeadLetters(lake.catalog()).groups(DeadLetterFilter.ALL))
        .containsExactly(
            new DeadLetters.Group(
                "dim_carrier",
                "column x of '…': # does not fit",
                4,
                LOGGED,
                LOGGED.plus(30, ChronoUnit.MINUTES)));
  }

  /** As when capture is started from nothing: it reads the log anew. */
  @Tag("soak")
  @Test
  void whatIsSettledStaysSoWhenAJobTellsOfItAgain() throws Exception {
    Map<String, Object> broken = letter("dim_carrier", CARRIERS, "0/1", "broken {", "10:00:00");
    Map<String, Object> usable =
        letter("dim_carrier", CARRIERS, "0/2", row("c", null, carrier(1, "new")), "10:00:01");
    letters(broken, usable);
    assertThat(replay(DeadLetterFilter.ALL).replayed()).isEqualTo(Map.of("dim_carrier", 1L));
    assertThat(ReadableRows.count(lake.catalog().table(DeadLetters.TABLE)))
        .as("its text is gone")
        .isOne();
    assertThat(new DeadLetters(lake.catalog()).drop(DeadLetterFilter.ALL)).isEqualTo(1);
    assertThat(ReadableRows.count(lake.catalog().table(DeadLetters.TABLE)))
        .as("what they say is gone")
        .isZero();
    letters(broken, usable);

    assertThat(places()).isEmpty();
    assertThat(replay(DeadLetterFilter.ALL))
        .isEqualTo(new DeadLetterReplay.Result(Map.of(), Map.of()));

    Map<String, Object> later = new HashMap<>(broken);
    later.put("row_version", (long) broken.get("row_version") + 1);
    letters(later);
    assertThat(places()).as("another version of a row").containsExactly("0/1 dim_carrier");
  }

  private DeadLetterReplay.Result replay(DeadLetterFilter filter) throws Exception {
    lake.compact();
    DeadLetterReplay.Result result = lake.deadLetterReplay().run(lake.catalog(), filter);
    lake.compact();
    return result;
  }

  private List<String> places() {
    return new DeadLetters(lake.catalog())
        .newest(DeadLetterFilter.ALL, 100).stream()
            .map(letter -> letter.place() + " " + letter.target())
            .sorted()
            .toList();
  }

  @SafeVarargs
  private void letters(Map<String, Object>... letters) {
    OpsTable.open(lake.catalog(), DeadLetters.TABLE).write(List.of(letters));
  }

  private static Map<String, Object> letter(
      String target, String topic, String place, String payload, String time) {
    Instant logged = Instant.parse("2026-06-02T" + time + "Z");
    Map<String, Object> letter = new HashMap<>();
    letter.put("target", target);
    letter.put("source", topic);
    letter.put("place", place);
    letter.put("reason", "column x of '" + place + "': 12.5 does not fit");
    letter.put("payload", payload);
    letter.put(
        "row_version", Version.realTime(ChronoUnit.MICROS.between(Instant.EPOCH, logged), 0));
    letter.put("logged_at", logged);
    return letter;
  }

  private static String row(String op, String before, String after) {
    return "{\"op\": \"%s\", \"before\": %s, \"after\": %s, \"source\": {\"ts_ms\": 0}}"
        .formatted(op, before, after);
  }

  private static String carrier(int id, String name) {
    return "{\"carrier_id\": %d, \"carrier_name\": \"%s\", \"service_level\": \"express\", \"updated_at\": \"2026-01-01T00:00:00Z\"}"
        .formatted(id, name);
  }

  private static String rule() {
    return row(
        "r",
        null,
        "{\"rule_id\": 4, \"business_line\": \"export\", \"limit_minutes\": 90, \"from_milestone\": \"paid\", \"to_milestone\": \"signed\", \"updated_at\": \"2026-01-01T00:00:00Z\"}");
  }
}
