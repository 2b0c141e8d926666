/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultFormatTest {

  private static final List<ResultColumn> COLUMNS =
      List.of(
          new ResultColumn("name", "varchar", false),
          new ResultColumn("amount", "decimal(12,2)", true),
          new ResultColumn("at", "timestamp(6) with time zone", false));
  private static final Instant TIME = Instant.parse("2026-06-18T09:12:33.123456Z");

  @Test
  void tableAlignsWhatAPersonSees() {
    assertThat(
            written(
                ResultFormat.table,
                row("旗舰店", new BigDecimal("1234567.50"), TIME),
                row("O'Brien\nLtd", new BigDecimal("0.00"), null)))
        .isEqualTo(
            """
            name             amount  at
            旗舰店       1234567.50  2026-06-18T09:12:33.123456Z
            O'Brien⏎Ltd        0.00  NULL
            """);
  }

  @Test
  void tableWithoutRowsShowsItsColumns() {
    assertThat(written(ResultFormat.table)).isEqualTo("name  amount  at\n");
  }

  @Test
  void aLongTableIsWholeAlthoughItsLastRowsAreWider() {
    List<Object>[] rows = rows(12_000);
    assertThat(written(ResultFormat.table, rows).lines())
        .hasSize(12_001)
        .last()
        .isEqualTo("row 12000   12000  NULL");
  }

  @Test
  void csvQuotesWhatWouldBreakALineAndTellsNullFromAnEmptyText() {
    assertThat(
            written(
                ResultFormat.csv,
                row("a, \"b\"", new BigDecimal("1E+3"), null),
                row("", null, TIME),
                row("two\nlines", BigDecimal.ONE, null)))
        .isEqualTo(
            "name,amount,at\n"
                + "\"a, \"\"b\"\"\",1000,\n"
                + "\"\",,2026-06-18T09:12:33.123456Z\n"
                + "\"two\nlines\",1,\n");
  }

  @Test
  void jsonKeepsTypes() throws Exception {
    JsonNode rows =
        new ObjectMapper()
            .readTree(
                written(
                    ResultFormat.json,
                    row("\"x\"", new BigDecimal("12.50"), TIME),
                    row(null, null, List.of(Map.of("k", 1)))));
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).get("name").textValue()).isEqualTo("\"x\"");
    assertThat(rows.get(0).get("amount").toString()).isEqualTo("12.5");
    assertThat(rows.get(0).get("at").textValue()).isEqualTo(TIME.toString());
    assertThat(rows.get(1).get("name").isNull()).isTrue();
    assertThat(rows.get(1).get("at").get(0).get("k").intValue()).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(written(ResultFormat.json))).isEmpty();
  }

  @Test
  void markdownEscapesItsOwnSigns() {
    assertThat(written(ResultFormat.markdown, row("a|b", BigDecimal.TEN, null)))
        .isEqualTo(
            """
            | name | amount | at |
            | --- | ---: | --- |
            | a\\|b | 10 | NULL |
            """);
  }

  @SafeVarargs
  private static String written(ResultFormat format, List<Object>... rows) {
    StringWriter text = new StringWriter();
    ResultWriter writer = format.writer(new PrintWriter(text));
    writer.begin(COLUMNS);
    for (List<Object> row : rows) {
      writer.row(row);
    }
    writer.end();
    return text.toString();
  }

  private static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }

  @SuppressWarnings("unchecked")
  private static List<Object>[] rows(int count) {
    List<Object>[] rows = new List[count];
    Arrays.setAll(rows, i -> row("row " + (i + 1), i + 1, null));
    return rows;
  }
}
